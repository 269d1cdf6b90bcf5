---The agents that the server knows, and choosing one of them.

local client_module = require('dragoman.client')
local text = require('dragoman.text')

local M = {}

---@class dragoman.AgentInfo
---@field name string
---@field description string
---@field provider string
---@field url string The host only.
---@field enabled boolean
---@field state 'ok'|'warning'|'error'
---@field problems string[]
---@field location lsp.Location

local COMPLETION_TIMEOUT_MS = 500

---@param agent dragoman.AgentInfo
---@return string? reason Why it cannot be asked; nil if it can.
function M.obstacle(agent)
  if agent.state == 'error' then
    return text.one_line(agent.problems[1] or 'its description has errors.')
  end
  return not agent.enabled and 'it is switched off ("enabled": false).' or nil
end

---For a list: `● Echo` and `Speaks as …`, `✕ Broken` and `cannot be asked: …`.
---@param agent dragoman.AgentInfo
---@return string name
---@return string about
function M.describe(agent)
  local obstacle = M.obstacle(agent)
  if obstacle then
    return '✕ ' .. text.one_line(agent.name), 'cannot be asked: ' .. obstacle
  end
  local about = agent.description ~= '' and agent.description or agent.url
  return (agent.state == 'ok' and '● ' or '◐ ') .. text.one_line(agent.name), text.one_line(about)
end

---@param client vim.lsp.Client
---@param callback fun(agents: dragoman.AgentInfo[]) Those that can be asked come first.
function M.fetch(client, callback)
  client:request('dragoman/agents', vim.empty_dict(), function(err, result)
    if err then
      return client_module.complain(err.message)
    end
    local usable, others = {}, {}
    for _, agent in ipairs(result.agents) do
      table.insert(M.obstacle(agent) and others or usable, agent)
    end
    callback(vim.list_extend(usable, others))
  end)
end

---The names of those that can be asked, at once, for completion.
---@param client vim.lsp.Client
---@return string[]
function M.names(client)
  local response = client:request_sync('dragoman/agents', vim.empty_dict(), COMPLETION_TIMEOUT_MS)
  local names = {}
  for _, agent in ipairs(response and response.result and response.result.agents or {}) do
    if not M.obstacle(agent) then
      table.insert(names, agent.name)
    end
  end
  return names
end

---Lets the user choose; one that cannot be asked says why instead.
---@param client vim.lsp.Client
---@param callback fun(name: string)
function M.pick(client, callback)
  M.fetch(client, function(agents)
    if not agents[1] then
      return client_module.complain('No agent was found here. :help dragoman-agents tells how to describe one.')
    end
    local options = {
      prompt = 'Which agent?',
      kind = 'dragoman_agent',
      format_item = function(agent)
        return ('%s — %s'):format(M.describe(agent))
      end,
    }
    vim.ui.select(agents, options, function(agent)
      local obstacle = agent and M.obstacle(agent)
      if obstacle then
        client_module.complain(('%s cannot be asked: %s'):format(agent.name, obstacle))
      elseif agent then
        callback(agent.name)
      end
    end)
  end)
end

---The only one there is, else the one that the user chooses.
---@param client vim.lsp.Client
---@param callback fun(name: string)
function M.only_or_pick(client, callback)
  M.fetch(client, function(agents)
    if #agents == 1 and not M.obstacle(agents[1]) then
      callback(agents[1].name)
    else
      M.pick(client, callback)
    end
  end)
end

return M
