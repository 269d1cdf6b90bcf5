---`:checkhealth dragoman`: what was looked at, what was found, what to do.

local agents = require('dragoman.agents')
local client_module = require('dragoman.client')

local M = {}

local TIMEOUT_MS = 5000

local function check_neovim()
  vim.health.start('Neovim')
  local running = vim.version()
  local version = ('%d.%d.%d'):format(running.major, running.minor, running.patch)
  if vim.fn.has('nvim-0.11') == 1 then
    vim.health.ok(('Neovim %s; Dragoman needs 0.11 or newer.'):format(version))
  else
    vim.health.error(('Neovim %s is too old.'):format(version), 'Install Neovim 0.11 or newer.')
  end
end

local function check_clipboard()
  if vim.fn.has('clipboard') == 1 then
    vim.health.ok('Answers can be copied into the clipboard.')
  else
    vim.health.info('There is no clipboard: answers are copied into the register " only. See :help clipboard.')
  end
end

local function check_command()
  vim.health.start('The server')
  local cmd = vim.lsp.config.dragoman and vim.lsp.config.dragoman.cmd
  if type(cmd) ~= 'table' then
    return vim.health.warn('`cmd` is no list, so its version cannot be asked for.')
  end
  if vim.fn.executable(cmd[1]) == 0 then
    return vim.health.error(('`%s` is not found on the path.'):format(cmd[1]), {
      'Install it from the checkout: pipx install .',
      "Or name it: require('dragoman').setup({ cmd = { '/path/to/dragoman', 'serve' } })",
    })
  end
  vim.health.ok(('Found %s'):format(vim.fn.exepath(cmd[1])))
  -- The last word of the command is `serve`; everything before it is how the program is called.
  local ask_version = vim.list_slice(cmd, 1, #cmd - 1)
  table.insert(ask_version, '--version')
  local is_started, result = pcall(function()
    return vim.system(ask_version, { text = true, timeout = TIMEOUT_MS }):wait()
  end)
  if is_started and result.code == 0 then
    vim.health.ok(vim.trim(result.stdout))
  else
    vim.health.error(('`%s` does not tell its version.'):format(table.concat(ask_version, ' ')), {
      is_started and vim.trim(result.stderr) or tostring(result),
    })
  end
end

---@return vim.lsp.Client?
local function check_client()
  vim.health.start('The client')
  if vim.lsp.is_enabled('dragoman') then
    vim.health.ok("It is enabled: vim.lsp.enable('dragoman').")
  else
    vim.health.warn('It is not enabled.', "Put vim.lsp.enable('dragoman') into your init.lua.")
  end
  local clients = vim.lsp.get_clients({ name = client_module.name })
  if not clients[1] then
    vim.health.info('No server runs. One starts with the first file that is opened.')
  end
  for _, client in ipairs(clients) do
    local where = client.root_dir or 'no folder'
    local count = vim.tbl_count(client.attached_buffers)
    vim.health.ok(('A server runs for %s (client %d, %d buffers).'):format(where, client.id, count))
  end
  return clients[1]
end

---@param agent dragoman.AgentInfo
local function report_agent(agent)
  local file = vim.fn.fnamemodify(vim.uri_to_fname(agent.location.uri), ':~:.')
  local where = ('%s:%d'):format(file, agent.location.range.start.line + 1)
  local obstacle = agents.obstacle(agent)
  if obstacle then
    vim.health.warn(('%s (%s) cannot be asked: %s'):format(agent.name, where, obstacle), ('Open %s.'):format(where))
  elseif agent.problems[1] then
    vim.health.warn(('%s (%s) can be asked, but: %s'):format(agent.name, where, agent.problems[1]))
  else
    vim.health.ok(('%s (%s), at %s'):format(agent.name, where, agent.url))
  end
end

---@param client vim.lsp.Client
local function check_agents(client)
  vim.health.start('Agents')
  local response, err = client:request_sync('dragoman/agents', vim.empty_dict(), TIMEOUT_MS)
  if not response or not response.result then
    local why = err or (response and response.err and response.err.message) or 'no answer'
    return vim.health.error(('The server did not list them: %s.'):format(why), {
      'Its log: :lua vim.cmd.edit(vim.lsp.log.get_filename())',
    })
  end
  if not response.result.agents[1] then
    vim.health.warn('No agent was found.', ':help dragoman-agents tells where agents are described.')
  end
  for _, agent in ipairs(response.result.agents) do
    report_agent(agent)
  end
end

function M.check()
  check_neovim()
  check_clipboard()
  check_command()
  local client = check_client()
  if client then
    check_agents(client)
  end
end

return M
