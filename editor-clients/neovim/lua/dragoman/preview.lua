---The request that a prompt would make, to be looked at, and as a command for the shell. Nothing is sent.

local agents = require('dragoman.agents')
local ask = require('dragoman.ask')
local client_module = require('dragoman.client')
local panel = require('dragoman.panel')
local prompt = require('dragoman.prompt')

local M = {}

---@param agent string
---@param preview table A Preview of the protocol.
---@return string[]
local function lines_of(agent, preview)
  local lines = { ('# What would be sent to %s'):format(agent), '', '```http' }
  table.insert(lines, ('%s %s'):format(preview.method, preview.url))
  local names = vim.tbl_keys(preview.headers)
  table.sort(names)
  for _, name in ipairs(names) do
    table.insert(lines, ('%s: %s'):format(name, preview.headers[name]))
  end
  vim.list_extend(lines, { '', preview.body, '```', '', '# The same for a shell', '', '```sh' })
  return vim.list_extend(lines, { preview.curl, '```' })
end

---@param lines string[]
local function show(lines)
  local buf = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_lines(buf, 0, -1, false, lines)
  vim.bo[buf].filetype = 'markdown'
  vim.bo[buf].bufhidden = 'wipe'
  vim.bo[buf].modifiable = false
  vim.api.nvim_set_current_win(panel.work_window())
  vim.api.nvim_open_win(buf, true, { split = 'above', win = 0 })
end

---@param conversation dragoman.Conversation
---@param client vim.lsp.Client
---@param agent string
---@param question string
local function request(conversation, client, agent, question)
  local params = {
    agent = agent,
    prompt = question,
    conversationId = conversation.id,
    afterTurnId = conversation.resumed,
    context = ask.context(client, prompt.attached()),
  }
  client:request('dragoman/preview', params, function(err, result)
    if err or result.error then
      return client_module.complain((err or result.error).message)
    end
    show(lines_of(agent, result))
  end)
end

---@param question? string Without one, what is written in the prompt.
function M.open(question)
  local conversation = panel.conversation_or_new()
  ask.with_client(conversation, function(client)
    local function ask_for(agent)
      request(conversation, client, agent, question or prompt.text())
    end
    if conversation.agent then
      return ask_for(conversation.agent)
    end
    agents.only_or_pick(client, ask_for)
  end)
end

return M
