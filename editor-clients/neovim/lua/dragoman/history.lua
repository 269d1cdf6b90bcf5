---Conversations that the server has kept: choosing one, and showing it in the panel, where it can go on.

local Conversation = require('dragoman.conversation')
local ask = require('dragoman.ask')
local client_module = require('dragoman.client')
local panel = require('dragoman.panel')
local text = require('dragoman.text')

local M = {}

local MOST = 200

---The turns that led to the newest one, oldest first.
---@param kept table A Conversation of the protocol.
---@return table[]
local function branch(kept)
  local turns = {} ---@type table[]
  local wanted = kept.headTurnId
  for index = #kept.turns, 1, -1 do
    local turn = kept.turns[index]
    if turn.turnId == wanted then
      table.insert(turns, 1, turn)
      wanted = turn.parentId
    end
  end
  return turns
end

---@param conversation dragoman.Conversation
---@param kept table
local function write_turn(conversation, kept)
  local question = { prompt = kept.typed or kept.prompt, context = kept.typed and { 'with context' } or {} }
  local turn = conversation:begin(kept.turnId, kept.agent, question)
  if kept.reasoning then
    turn:take({ kind = 'reasoning', delta = kept.reasoning })
  end
  turn:take({ kind = 'text', delta = kept.text })
  turn:finish({
    stopReason = kept.stopReason,
    textLength = text.utf16_length(kept.text),
    sources = kept.sources,
    usage = kept.usage,
    error = kept.error,
  })
end

---@param client vim.lsp.Client
---@param id string
local function show(client, id)
  for _, conversation in ipairs(Conversation.list()) do
    if conversation.id == id then
      return panel.show(conversation)
    end
  end
  client:request('dragoman/conversation', { conversationId = id }, function(err, kept)
    if err then
      return client_module.complain(err.message)
    end
    local conversation = Conversation.new()
    conversation.client_id, conversation.id = client.id, id
    for _, turn in ipairs(branch(kept)) do
      write_turn(conversation, turn)
    end
    conversation.title = kept.title
    conversation.resumed = kept.headTurnId
    panel.show(conversation)
  end)
end

---Lets the user choose one.
---@param query? string Words that are in it.
function M.choose(query)
  ask.with_client(panel.conversation_or_new(), function(client)
    client:request('dragoman/conversations', { query = query, limit = MOST }, function(err, result)
      if err then
        return client_module.complain(err.message)
      elseif not result.items[1] then
        return client_module.complain('No conversation was found in the history.')
      end
      local options = {
        prompt = 'Which conversation?',
        kind = 'dragoman_history',
        format_item = function(item)
          return ('%s — %s, %s'):format(text.one_line(item.title), text.one_line(item.agent), item.updated:sub(1, 10))
        end,
      }
      vim.ui.select(result.items, options, function(item)
        if item then
          show(client, item.conversationId)
        end
      end)
    end)
  end)
end

return M
