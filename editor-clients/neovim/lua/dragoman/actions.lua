---What the server can do about an error, and its log.

local client_module = require('dragoman.client')
local panel = require('dragoman.panel')

local M = {}

---@param client vim.lsp.Client
---@param command lsp.Command
local function execute(client, command)
  local params = { command = command.command, arguments = command.arguments }
  client:request('workspace/executeCommand', params, function(err)
    if err then
      client_module.complain(err.message)
    end
  end)
end

---@param action lsp.Command One of the `actions` of a TurnError.
---@param conversation dragoman.Conversation The one that the error stands in.
function M.run(action, conversation)
  if action.command == 'dragoman.retry' then
    return require('dragoman.again').retry() -- in its place in the transcript
  end
  local client = vim.lsp.get_client_by_id(conversation.client_id or -1)
  if client then
    execute(client, action)
  end
end

---Opens the log of the server in the window beside the panel.
function M.show_log()
  local window = panel.work_window()
  client_module.ensure(vim.api.nvim_win_get_buf(window), function(client)
    vim.api.nvim_set_current_win(window)
    execute(client, { title = 'Log', command = 'dragoman.showLog', arguments = { vim.empty_dict() } })
  end)
end

return M
