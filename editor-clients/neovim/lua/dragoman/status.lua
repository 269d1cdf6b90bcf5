---The line above the transcript: who is asked, and what it is doing.

local config = require('dragoman.config')

local M = {}

local SECONDS_SHOWN_AFTER_MS = 2000

---@param turn dragoman.Turn
---@return string
local function phase(turn)
  local passed = vim.uv.now() - turn.phase_since
  local is_long = turn.phase ~= 'streaming' and passed >= SECONDS_SHOWN_AFTER_MS
  local seconds = is_long and (' %d s'):format(passed / 1000) or ''
  local detail = turn.detail and (' (%s)'):format(turn.detail) or ''
  return turn.phase .. seconds .. detail
end

---@param conversation dragoman.Conversation
---@return string
function M.text(conversation)
  local name = conversation.agent or 'no agent chosen'
  return conversation.turn and ('%s · %s'):format(name, phase(conversation.turn)) or name
end

---@param hint string
---@param key string|false
---@return string
local function keyed(hint, key)
  return key and ('%s %s'):format(key, hint) or ''
end

---@param text string
---@return string
local function escape(text)
  return (text:gsub('%%', '%%%%'))
end

---For 'winbar'.
---@param conversation dragoman.Conversation
---@return string
function M.winbar(conversation)
  local keys = config.options.keymaps
  local right = conversation.turn and keyed('stop', keys.stop) or keyed('help', keys.help)
  return ('%%#DragomanAgent# %s %%*%%=%%#DragomanHint#%s '):format(escape(M.text(conversation)), escape(right))
end

---For the prompt's 'winbar': what is sent along, or that it takes the place of the last one.
---@param selections dragoman.Selection[]
---@param is_editing? boolean
---@return string
function M.prompt_winbar(selections, is_editing)
  local labels = vim.tbl_map(function(selection)
    return '▸ ' .. selection:label()
  end, selections)
  local left = is_editing and '✎ Instead of the last prompt' or labels[1] and table.concat(labels, '  ') or 'Prompt'
  local right = keyed('send', config.options.keymaps.send_insert)
  return ('%%#DragomanHint# %s%%=%s '):format(escape(left), escape(right))
end

---@param agent string
---@param is_complete boolean
---@return string
function M.proposal_winbar(agent, is_complete)
  local keys = config.options.keymaps
  local left = is_complete and ('%s proposes'):format(agent) or ('%s · streaming'):format(agent)
  local accept = is_complete and keyed('accept', keys.accept) .. '  ' or ''
  local right = accept .. keyed('reject', keys.reject)
  return ('%%#DragomanAgent# %s %%*%%=%%#DragomanHint#%s '):format(escape(left), escape(right))
end

return M
