---`:Dragoman`: one subcommand a line, and their completion.

local Selection = require('dragoman.selection')
local again = require('dragoman.again')
local agents = require('dragoman.agents')
local chat = require('dragoman.chat')
local client_module = require('dragoman.client')

local M = {}

---An agent's name may hold spaces, so the longest name that the text begins with is meant.
---@param text string
---@param names string[]
---@return string? agent
---@return string rest
local function split_agent(text, names)
  local agent ---@type string?
  for _, name in ipairs(names) do
    local is_longer = not agent or #name > #agent
    if is_longer and (text == name or vim.startswith(text, name .. ' ')) then
      agent = name
    end
  end
  return agent, vim.trim(agent and text:sub(#agent + 1) or text)
end

---@param call table
---@param text string
local function ask(call, text)
  local buf = vim.api.nvim_get_current_buf()
  if call.range == 0 then
    return text == '' and chat.open() or chat.send(text)
  end
  local selection = Selection.of_command(buf, call.line1, call.line2)
  client_module.ensure(buf, function(client)
    agents.fetch(client, function(infos)
      local names = vim.tbl_map(function(info)
        return info.name
      end, infos)
      local agent, question = split_agent(text, names)
      chat.ask(selection, question, agent)
    end)
  end)
end

---@param text string
---@return string?
local function optional(text)
  return text ~= '' and text or nil
end

---@class dragoman.Subcommand
---@field run fun(call: table, text: string)
---@field takes_agent? boolean
---@field words? fun(): string[] What may stand behind it.

---@param accepted boolean
---@return dragoman.Subcommand
local function decision(accepted)
  return {
    run = function()
      require('dragoman.surfaces.diff').decide_here(accepted)
    end,
  }
end

---@type table<string, dragoman.Subcommand>
local subcommands = {
  chat = {
    takes_agent = true,
    run = function(_, text)
      if text == '' then
        chat.toggle()
      else
        chat.open(text)
      end
    end,
  },
  ask = { takes_agent = true, run = ask },
  send = {
    run = function(_, text)
      if text == '' then
        chat.send_prompt()
      else
        chat.send(text)
      end
    end,
  },
  stop = {
    run = function()
      chat.stop()
    end,
  },
  new = {
    takes_agent = true,
    run = function(_, text)
      chat.new(optional(text))
    end,
  },
  agent = {
    takes_agent = true,
    run = function(_, text)
      if text == '' then
        chat.choose_agent()
      else
        chat.open(text)
      end
    end,
  },
  retry = {
    takes_agent = true,
    run = function(_, text)
      again.retry(optional(text))
    end,
  },
  edit = {
    run = function()
      again.edit()
    end,
  },
  preview = {
    run = function(_, text)
      require('dragoman.preview').open(optional(text))
    end,
  },
  apply = {
    words = function()
      return require('dragoman.apply').names()
    end,
    run = function(call, text)
      require('dragoman.apply').command(call, text)
    end,
  },
  accept = decision(true),
  reject = decision(false),
  history = {
    run = function(_, text)
      require('dragoman.history').choose(optional(text))
    end,
  },
  log = {
    run = function()
      require('dragoman.actions').show_log()
    end,
  },
  conversations = {
    run = function()
      chat.choose_conversation()
    end,
  },
}

---@param call table What |nvim_create_user_command()| gives.
function M.run(call)
  local name, text = call.args:match('^%s*(%S*)%s*(.-)%s*$')
  local subcommand = subcommands[name == '' and 'chat' or name]
  if not subcommand then
    local known = table.concat(vim.fn.sort(vim.tbl_keys(subcommands)), ', ')
    return client_module.complain(('There is no “:Dragoman %s”. There are: %s.'):format(name, known))
  end
  subcommand.run(call, text)
end

---@param lead string
---@param line string
---@return string[]
function M.complete(lead, line)
  local before = line:sub(1, #line - #lead):match('Dragoman!?%s+(.*)$') or ''
  local name = before:match('^%S+')
  local candidates = {}
  if not name then
    candidates = vim.tbl_keys(subcommands)
  elseif subcommands[name] and subcommands[name].words and before:find('^%S+%s+$') then
    candidates = subcommands[name].words()
  elseif subcommands[name] and subcommands[name].takes_agent then
    local client = client_module.attached(0) or vim.lsp.get_clients({ name = client_module.name })[1]
    candidates = client and agents.names(client) or {}
    -- Only the word at the cursor is replaced: of a name with spaces, what is typed already falls away.
    local typed = before:sub(#name + 1):gsub('^%s+', '')
    candidates = vim.iter(candidates):filter(function(candidate)
      return vim.startswith(candidate, typed)
    end):map(function(candidate)
      return candidate:sub(#typed + 1)
    end):totable()
  end
  table.sort(candidates)
  return vim.tbl_filter(function(candidate)
    return vim.startswith(candidate, lead)
  end, candidates)
end

return M
