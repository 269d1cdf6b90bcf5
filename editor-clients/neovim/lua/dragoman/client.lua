---Which language client to talk to. There is one for each workspace folder, as with any language server.

local M = {}

M.name = 'dragoman'

local INITIALIZE_TIMEOUT_MS = 20000
local POLL_MS = 20

---Whether a buffer is a file, or will be one when it is written; neither a terminal nor a help page.
---@param buf integer
---@return boolean
function M.is_file(buf)
  return vim.bo[buf].buftype == '' and vim.api.nvim_buf_get_name(buf) ~= ''
end

local function is_agent_file(name)
  return name == '.agents' or name == 'AutoDevCustomAgentFile.json' or name:find('^agents%.jsonc?$') ~= nil
    or name:find('%.agents?%.jsonc?$') ~= nil
end

---The folder whose agents a buffer sees: that of the repository, else the nearest that holds an agent file.
---@param buf integer
---@return string?
function M.root(buf)
  return vim.fs.root(buf, '.git') or vim.fs.root(buf, is_agent_file)
end

---@param buf integer
---@return vim.lsp.Client?
function M.attached(buf)
  return vim.lsp.get_clients({ name = M.name, bufnr = buf })[1]
end

---@param id integer
---@param deadline integer
---@param callback fun(client: vim.lsp.Client)
local function when_initialized(id, deadline, callback)
  local client = vim.lsp.get_client_by_id(id)
  if client and client.initialized then
    callback(client)
  elseif client and vim.uv.now() < deadline then
    vim.defer_fn(function()
      when_initialized(id, deadline, callback)
    end, POLL_MS)
  else
    M.complain('The server has not started. :checkhealth dragoman says more.')
  end
end

---Calls back with the client that serves `buf`, started first if there is none. Says why if it cannot be started.
---@param buf integer
---@param callback fun(client: vim.lsp.Client)
function M.ensure(buf, callback)
  local attached = M.attached(buf)
  if attached then
    return callback(attached)
  end
  local config = vim.deepcopy(vim.lsp.config[M.name])
  config.root_dir = M.root(buf)
  local id = vim.lsp.start(config, { bufnr = buf, attach = M.is_file(buf) })
  if id then -- else Neovim has said what is wrong with the command
    when_initialized(id, vim.uv.now() + INITIALIZE_TIMEOUT_MS, callback)
  end
end

---@param message string
function M.tell(message)
  vim.notify('Dragoman: ' .. message, vim.log.levels.INFO)
end

---@param message string
function M.complain(message)
  vim.notify('Dragoman: ' .. message, vim.log.levels.WARN)
end

return M
