---What the user can do with the panel: open it, ask, stop, begin anew.

local Conversation = require('dragoman.conversation')
local again = require('dragoman.again')
local agents = require('dragoman.agents')
local ask = require('dragoman.ask')
local client_module = require('dragoman.client')
local panel = require('dragoman.panel')
local prompt = require('dragoman.prompt')
local status = require('dragoman.status')
local welcome = require('dragoman.welcome')

local M = {}

---@param agent? string
function M.open(agent)
  local conversation = panel.conversation_or_new()
  conversation.agent = agent or conversation.agent
  panel.show(conversation)
  panel.focus_prompt()
  ask.with_client(conversation, function(client)
    welcome.show(conversation, client)
  end)
end

function M.toggle()
  if panel.is_open() then
    panel.close()
  else
    M.open()
  end
end

---@param agent? string
function M.new(agent)
  local before = panel.conversation()
  local conversation = Conversation.new()
  conversation.agent = agent or (before and before.agent)
  panel.show(conversation)
  M.open()
end

---Lets the user choose the agent of this conversation.
function M.choose_agent()
  local conversation = panel.conversation_or_new()
  panel.show(conversation)
  ask.with_client(conversation, function(client)
    agents.pick(client, function(name)
      conversation.agent = name
      conversation:changed()
    end)
  end)
end

---Lets the user choose a conversation of this session to be shown.
function M.choose_conversation()
  local options = {
    prompt = 'Which conversation?',
    kind = 'dragoman_conversation',
    format_item = function(conversation)
      return ('%s — %s'):format(conversation.title or '(nothing asked yet)', status.text(conversation))
    end,
  }
  vim.ui.select(Conversation.list(), options, function(conversation)
    if conversation then
      panel.show(conversation)
    end
  end)
end

---@param conversation dragoman.Conversation
---@param client vim.lsp.Client
---@param question string
---@param selections dragoman.Selection[]
local function start_turn(conversation, client, question, selections)
  local context, labels = ask.context(client, selections)
  local params = {
    agent = conversation.agent,
    prompt = question,
    conversationId = conversation.id,
    afterTurnId = conversation.resumed,
    context = context,
  }
  ask.start(conversation, client, 'dragoman/prompt', params, {
    prompt = question,
    context = labels,
    selections = selections,
  })
end

---Sends a prompt in the conversation that the panel shows.
---@param question string
---@param options? { agent?: string, selections?: dragoman.Selection[], on_sent?: fun(sent: string) }
function M.send(question, options)
  options = options or {}
  local conversation = panel.conversation_or_new()
  panel.show(conversation)
  if conversation.turn then
    return client_module.complain(('%s still answers. Stop it first, or wait.'):format(conversation.turn.agent))
  end
  ask.with_client(conversation, function(client)
    local function send()
      if conversation.turn then
        return -- asked twice while the server was starting
      end
      start_turn(conversation, client, question, options.selections or {})
      if options.on_sent then
        options.on_sent(question)
      end
    end
    conversation.agent = options.agent or conversation.agent
    if conversation.agent then
      return send()
    end
    agents.only_or_pick(client, function(name)
      conversation.agent = name
      send()
    end)
  end)
end

---Sends what is written in the prompt.
function M.send_prompt()
  local question = prompt.text()
  local conversation = panel.conversation()
  if question ~= '' and conversation and conversation.is_editing then
    again.ask(conversation, { prompt = question, on_sent = prompt.clear_text })
  elseif question ~= '' then
    M.send(question, { selections = prompt.attached(), on_sent = prompt.clear })
  end
end

---Asks about a selection; without a question, the panel opens and the question is written there.
---@param selection dragoman.Selection
---@param question string
---@param agent? string
function M.ask(selection, question, agent)
  client_module.ensure(selection.buf, function(client)
    local conversation = panel.conversation_or_new()
    if not conversation.title then
      conversation.client_id = client.id
    end
    if question ~= '' then
      return M.send(question, { agent = agent, selections = { selection } })
    end
    prompt.attach(selection)
    M.open(agent)
  end)
end

---Stops the answer that the panel shows. The result that then comes ends the turn.
---@return boolean stopped Whether there was one.
function M.stop()
  local conversation = panel.conversation()
  local turn = conversation and conversation.turn
  local client = turn and vim.lsp.get_client_by_id(conversation.client_id)
  if not turn or not client then
    return false
  end
  client:request('dragoman/stop', { turnId = turn.id }, function(err)
    if err then
      client_module.complain(err.message)
    end
  end)
  return true
end

---@return string
function M.status()
  local conversation = panel.conversation()
  return conversation and status.text(conversation) or ''
end

return M
