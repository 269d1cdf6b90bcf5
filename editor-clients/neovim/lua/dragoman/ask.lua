---Asking the server for a turn: which client knows the conversation, and what is shown while it answers.

local client_module = require('dragoman.client')
local panel = require('dragoman.panel')
local place = require('dragoman.place')
local welcome = require('dragoman.welcome')

local M = {}

---The client that knows this conversation, else the one of the file that the user works on.
---@param conversation dragoman.Conversation
---@param callback fun(client: vim.lsp.Client)
function M.with_client(conversation, callback)
  local known = conversation.client_id and vim.lsp.get_client_by_id(conversation.client_id)
  if known and not known:is_stopped() then
    return callback(known)
  end
  client_module.ensure(vim.api.nvim_win_get_buf(panel.work_window()), function(client)
    conversation.client_id = client.id
    callback(client)
  end)
end

---What is sent along, for the server and for people.
---@param client vim.lsp.Client
---@param selections dragoman.Selection[]
---@return table[]? context
---@return string[] labels
function M.context(client, selections)
  local context, labels = {}, {}
  for _, selection in ipairs(selections) do
    table.insert(context, selection:context_item(client))
    table.insert(labels, selection:label())
  end
  return context[1] and context or nil, labels
end

---Writes the question into the transcript and sends it. The answer goes where its agent wants it.
---@param conversation dragoman.Conversation
---@param client vim.lsp.Client
---@param method 'dragoman/prompt'|'dragoman/retry'
---@param params table
---@param question? dragoman.Question
function M.start(conversation, client, method, params, question)
  local id = ('nvim-%d-%d'):format(vim.uv.os_getpid(), vim.uv.hrtime())
  params[method == 'dragoman/retry' and 'newTurnId' or 'turnId'] = id
  params.partialResultToken = id
  conversation.resumed, conversation.is_editing = nil, false
  welcome.clear(conversation)
  local selections = question and question.selections or {}
  local at = place.of(client, selections[1])
  params.deliver, params.textDocument, params.position, params.range = 'server', at.textDocument, at.position, at.range
  local turn = conversation:begin(id, conversation.agent, question)
  conversation:last().is_ours = true
  local is_sent = client:request(method, params, function(err, result)
    if err then
      turn:fail(err.message)
    else
      turn:finish(result)
    end
  end, at.buf)
  if not is_sent then
    turn:fail('The server does not run any more. Ask again to start it.')
  end
end

return M
