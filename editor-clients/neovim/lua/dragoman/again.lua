---Asking the last prompt again, in the same words or in others. The transcript goes on from there.

local ask = require('dragoman.ask')
local client_module = require('dragoman.client')
local panel = require('dragoman.panel')
local prompt = require('dragoman.prompt')

local M = {}

---The conversation that the panel shows, if its last prompt can be asked again; says why if it cannot.
---@return dragoman.Conversation?
local function repeatable()
  local conversation = panel.conversation()
  if not conversation or not conversation:last() then
    return client_module.complain('Nothing was asked here yet.')
  elseif conversation.turn then
    return client_module.complain(('%s still answers. Stop it first, or wait.'):format(conversation.turn.agent))
  end
  return conversation
end

---@param conversation dragoman.Conversation
---@param options { agent?: string, prompt?: string, on_sent?: fun(sent: string) }
function M.ask(conversation, options)
  ask.with_client(conversation, function(client)
    local last = conversation:last()
    if conversation.turn or not last then
      return -- asked twice while the server was starting
    end
    local question = last.question
    if options.prompt then
      question = vim.tbl_extend('force', { context = {} }, question or {}, { prompt = options.prompt })
    end
    conversation.agent = options.agent or conversation.agent
    conversation:rewind()
    local params = { turnId = last.id, agent = conversation.agent, prompt = options.prompt }
    ask.start(conversation, client, 'dragoman/retry', params, question)
    if options.on_sent then
      options.on_sent(options.prompt)
    end
  end)
end

---Asks again, the agent of this conversation or another one.
---@param agent? string
function M.retry(agent)
  local conversation = repeatable()
  if conversation then
    panel.show(conversation)
    M.ask(conversation, { agent = agent })
  end
end

---Brings the last prompt back to be changed: sending it then takes the place of that turn. Once more: not.
function M.edit()
  local conversation = repeatable()
  if not conversation then
    return
  end
  panel.show(conversation)
  conversation.is_editing = not conversation.is_editing
  local question = conversation:last().question
  prompt.set(conversation.is_editing and question and question.prompt or '')
  conversation:changed()
  panel.focus_prompt()
end

return M
