---What the server sends, as `vim.lsp.config` wants its handlers. The rest of the plugin is loaded when it is needed.

local M = {}

local function server_events()
  return require('dragoman.server_events')
end

---`$/progress`: the events of our turns; everything else is Neovim's.
---@type lsp.Handler
function M.progress(err, params, ctx)
  local turn = require('dragoman.turn').find(params.token)
  if not turn then
    return vim.lsp.handlers['$/progress'](err, params, ctx)
  end
  for _, event in ipairs(params.value) do
    turn:take(event)
  end
end

---`dragoman/turn`: an event of a turn that the server has begun by itself.
---@type lsp.Handler
function M.turn(_, event, ctx)
  local turn = require('dragoman.turn').find(event.turnId)
  if not turn and event.kind == 'start' then
    turn = server_events().adopt(ctx.client_id, event.turnId, event.agent)
  end
  if turn then
    turn:take(event)
    if event.kind == 'end' then
      server_events().tell_end(turn, event.result)
    end
  end
end

---`dragoman/agentsChanged`
---@type lsp.Handler
function M.agents_changed(_, _, ctx)
  if package.loaded['dragoman.panel'] then -- else there is none that could show them
    server_events().agents_changed(ctx.client_id)
  end
end

---Waits for what calls back. A request of the server is answered when the coroutine of its handler ends.
---@generic T
---@param start fun(done: fun(value?: T))
---@return T?
local function await(start)
  local waiting = assert(coroutine.running())
  start(function(value)
    -- Scheduled, since it may call back before the yield below.
    vim.schedule(function()
      coroutine.resume(waiting, value)
    end)
  end)
  return coroutine.yield()
end

---`dragoman/ask`: the server wants something from the user.
---@type lsp.Handler
function M.ask(_, params)
  local value = await(function(done)
    require('dragoman.question').ask(params, done)
  end)
  return value and { value = value } or vim.empty_dict()
end

---`dragoman/show`: the server wants something shown.
---@type lsp.Handler
function M.show(_, params, ctx)
  local client = assert(vim.lsp.get_client_by_id(ctx.client_id))
  return await(function(done)
    require('dragoman.surfaces').show(params, done, client)
  end)
end

---`window/showDocument`
---@type lsp.Handler
function M.show_document(err, params, ctx)
  if params.external then
    return vim.lsp.handlers['window/showDocument'](err, params, ctx)
  end
  local client = assert(vim.lsp.get_client_by_id(ctx.client_id))
  return { success = require('dragoman.documents').show(params, client.offset_encoding) }
end

---`dragoman.sendSelection`, chosen as a code action. One that has no prompt of its own asks for one in the panel.
---@param command lsp.Command
---@param ctx { bufnr: integer, client_id: integer }
function M.send_selection(command, ctx)
  local Selection = require('dragoman.selection')
  local client = assert(vim.lsp.get_client_by_id(ctx.client_id))
  local argument = command.arguments[1]
  local buf = vim.uri_to_bufnr(argument.textDocument.uri)
  local selection = Selection.of_range(buf, argument.range, client.offset_encoding)
  local question = argument.prompt or argument.intent
  if not question then
    return require('dragoman.chat').ask(selection, '', argument.agent)
  end
  argument.range = selection:range(client.offset_encoding)
  local params = { command = command.command, arguments = command.arguments }
  client:request('workspace/executeCommand', params, function(err, result)
    if err then
      return require('dragoman.client').complain(err.message)
    end
    local asked = { prompt = question, context = { selection:label() } }
    server_events().adopt(client.id, result.turnId, argument.agent, asked)
  end)
end

---`client/registerCapability`
---@type lsp.Handler
function M.register_capability(err, params, ctx)
  local answer = vim.lsp.handlers['client/registerCapability'](err, params, ctx)
  require('dragoman.defaults').told(assert(vim.lsp.get_client_by_id(ctx.client_id)))
  return answer
end

---`workspace/applyEdit`
---@type lsp.Handler
function M.apply_edit(err, params, ctx)
  local documents = require('dragoman.documents')
  if documents.is_stale(params.edit) then
    return { applied = false, failureReason = 'The document has changed meanwhile.' }
  end
  local result = vim.lsp.handlers['workspace/applyEdit'](err, params, ctx)
  if result.applied then
    documents.trim_created(params.edit)
  end
  return result
end

---The server's process has ended. Neovim answers none of the requests that still wait.
---@param code integer
---@param signal integer
---@param client_id integer
function M.exited(code, signal, client_id)
  vim.schedule(function()
    if not package.loaded['dragoman.panel'] then
      return -- nothing was ever asked
    end
    local how = signal ~= 0 and ('signal %d'):format(signal) or ('exit code %d'):format(code)
    local reason = ('The server has ended (%s). Ask again to start it.'):format(how)
    server_events().server_gone(client_id, reason)
  end)
end

return M
