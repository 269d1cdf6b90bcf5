---The panel's keys. They are set in its two buffers only.

local config = require('dragoman.config')

local M = {}

---@param buf integer
---@param modes string|string[]
---@param key string|false
---@param action fun()
---@param description string
local function map(buf, modes, key, action, description)
  if key then
    vim.keymap.set(modes, key, action, { buffer = buf, nowait = true, desc = 'Dragoman: ' .. description })
  end
end

local function chat()
  return require('dragoman.chat')
end

---@param buf integer
local function set_common(buf)
  local keys = config.options.keymaps
  map(buf, { 'n', 'i' }, keys.stop, function()
    if not chat().stop() then
      vim.cmd.stopinsert()
    end
  end, 'stop the answer')
  map(buf, 'n', keys.agent, function()
    chat().choose_agent()
  end, 'choose the agent')
  map(buf, 'n', keys.new, function()
    chat().new()
  end, 'new conversation')
  map(buf, 'n', keys.close, function()
    require('dragoman.panel').close()
  end, 'close the panel')
  map(buf, 'n', keys.help, '<Cmd>help dragoman-keys<CR>', 'help')
end

---@param buf integer
function M.set_prompt(buf)
  local keys = config.options.keymaps
  set_common(buf)
  map(buf, 'n', keys.send, function()
    chat().send_prompt()
  end, 'send the prompt')
  map(buf, 'i', keys.send_insert, function()
    chat().send_prompt()
  end, 'send the prompt')
  map(buf, 'n', keys.previous_prompt, function()
    require('dragoman.prompt').recall()
  end, 'the last prompt again')
end

---@param buf integer
function M.set_transcript(buf)
  local keys = config.options.keymaps
  set_common(buf)
  map(buf, 'n', keys.follow, function()
    require('dragoman.jump').follow_up()
  end, 'take the follow-up into the prompt')
  for name, target in pairs({ copy = 'copy', insert = 'insert', diff = 'diff', new_file = 'newFile' }) do
    map(buf, 'n', keys[name], function()
      require('dragoman.apply').run(target)
    end, name:gsub('_', ' ') .. ' from the block of code')
  end
  map(buf, 'n', keys.location, function()
    require('dragoman.jump').location()
  end, 'go to what the error is about')
end

---@param buf integer
function M.set_proposal(buf)
  local keys = config.options.keymaps
  for key, accepted in pairs({ accept = true, reject = false }) do
    map(buf, 'n', keys[key], function()
      require('dragoman.surfaces.diff').decide_here(accepted)
    end, key .. ' the diff')
  end
end

return M
