---What an empty transcript shows: the agents and what to do. Virtual lines; the buffer itself stays empty.

local agents = require('dragoman.agents')
local config = require('dragoman.config')

local M = {}

local namespace = vim.api.nvim_create_namespace('dragoman.welcome')

---@param infos dragoman.AgentInfo[]
---@return [string, string][][] lines Each a list of pieces of text and highlight.
local function content(infos)
  local lines = { { { 'Ask an agent, about anything or about what you select.', 'Normal' } }, { { '', 'Normal' } } }
  for _, agent in ipairs(infos) do
    local obstacle = agents.obstacle(agent)
    local name, about = agents.describe(agent)
    local highlight = obstacle and 'DragomanError' or 'DragomanAgent'
    table.insert(lines, { { name, highlight }, { ' — ' .. about, 'DragomanHint' } })
  end
  if not infos[1] then
    table.insert(lines, { { 'No agent was found here. :help dragoman-agents', 'DragomanWarning' } })
  end
  table.insert(lines, { { '', 'Normal' } })
  local keys = config.options.keymaps
  for _, tip in ipairs({
    { keys.agent, 'choose an agent' },
    { keys.send_insert, 'send the prompt' },
    { ':Dragoman ask', 'about a selection' },
  }) do
    if tip[1] then
      table.insert(lines, { { ('%-14s'):format(tip[1]), 'Special' }, { tip[2], 'DragomanHint' } })
    end
  end
  return lines
end

---@param conversation dragoman.Conversation
---@param client vim.lsp.Client
function M.show(conversation, client)
  if conversation.title then
    return
  end
  agents.fetch(client, function(infos)
    if not conversation.title and vim.api.nvim_buf_is_loaded(conversation.buf) then
      M.clear(conversation)
      vim.api.nvim_buf_set_extmark(conversation.buf, namespace, 0, 0, { virt_lines = content(infos) })
    end
  end)
end

---@param conversation dragoman.Conversation
function M.clear(conversation)
  vim.api.nvim_buf_clear_namespace(conversation.buf, namespace, 0, -1)
end

return M
