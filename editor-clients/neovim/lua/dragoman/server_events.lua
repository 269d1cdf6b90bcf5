---What happens in the panel without the user: turns that the server begins, its end, other agents than before.

local Conversation = require('dragoman.conversation')
local Turn = require('dragoman.turn')
local client_module = require('dragoman.client')
local diff = require('dragoman.surfaces.diff')
local panel = require('dragoman.panel')
local welcome = require('dragoman.welcome')

local M = {}

---A turn that the server has begun by itself gets a conversation of its own, unless nothing was asked yet in the one
---that is shown. It opens no window: `dragoman/show` does, where the answer is to be read.
---@param client_id integer
---@param turn_id string
---@param agent string
---@param question? dragoman.Question
---@return dragoman.Turn
function M.adopt(client_id, turn_id, agent, question)
  local turn = Turn.find(turn_id)
  if turn then
    return turn
  end
  local conversation = panel.conversation_or_new()
  if conversation.title then
    conversation = Conversation.new()
  end
  conversation.client_id = client_id
  panel.select(conversation)
  welcome.clear(conversation)
  return conversation:begin(turn_id, agent, question)
end

---A turn that nobody sees has ended: what went wrong is told.
---@param turn dragoman.Turn
---@param result table A TurnResult.
function M.tell_end(turn, result)
  if result.error and not panel.is_showing(turn.conversation) then
    client_module.complain(result.error.message)
  end
end

---The server is gone: what ran is over. The next one finds the conversations in the history.
---@param client_id integer
---@param reason string
function M.server_gone(client_id, reason)
  diff.server_gone(client_id)
  for _, conversation in ipairs(Conversation.list()) do
    if conversation.client_id == client_id then
      conversation.client_id = nil
      if conversation.turn then
        conversation.turn:fail(reason)
      end
    end
  end
end

---The agents are others than before: an empty conversation lists them.
---@param client_id integer
function M.agents_changed(client_id)
  local conversation = panel.conversation()
  local client = vim.lsp.get_client_by_id(client_id)
  if client and conversation and conversation.client_id == client_id then
    welcome.show(conversation, client)
  end
end

return M
