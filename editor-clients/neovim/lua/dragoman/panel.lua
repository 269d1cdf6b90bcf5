---The panel's two windows: the transcript, and the prompt below it. It shows one conversation at a time.

local Conversation = require('dragoman.conversation')
local config = require('dragoman.config')
local fold = require('dragoman.fold')
local layout = require('dragoman.layout')
local prompt = require('dragoman.prompt')
local status = require('dragoman.status')

require('dragoman.highlights')

local M = {}

local TICK_MS = 500

local windows = {} ---@type dragoman.Windows
local shown ---@type dragoman.Conversation?
local is_ticking = false

---@param win? integer
---@return boolean
local function is_here(win)
  return win ~= nil and vim.api.nvim_win_is_valid(win)
    and vim.api.nvim_win_get_tabpage(win) == vim.api.nvim_get_current_tabpage()
end

---Whether it is open in this tab page.
---@return boolean
function M.is_open()
  return is_here(windows.transcript) and is_here(windows.prompt)
end

---Opens both windows at a place, from another one if they are open there.
---@param position dragoman.Position
---@param conversation dragoman.Conversation
local function open_at(position, conversation)
  local current = vim.api.nvim_get_current_win()
  local focused = current == windows.transcript and 'transcript' or current == windows.prompt and 'prompt' or nil
  M.close() -- it may be open in another tab page
  windows = layout.open(position, conversation.buf, prompt.buffer())
  if focused then
    vim.api.nvim_set_current_win(windows[focused])
  end
end

---Opens the panel, if it is not open here, and shows a conversation in it.
---@param conversation dragoman.Conversation
---@param position? dragoman.Position Absent: where it is, else where the options say.
function M.show(conversation, position)
  shown = conversation
  if not M.is_open() or position and position ~= windows.position then
    open_at(position or config.options.panel.position, conversation)
  elseif vim.api.nvim_win_get_buf(windows.transcript) ~= conversation.buf then
    layout.set_local(windows.transcript, { winfixbuf = false })
    vim.api.nvim_win_set_buf(windows.transcript, conversation.buf)
    layout.dress_transcript(windows.transcript, windows.position)
  end
  vim.api.nvim_win_set_cursor(windows.transcript, { vim.api.nvim_buf_line_count(conversation.buf), 0 })
  fold.apply(windows.transcript, conversation.buf)
  M.refresh()
end

---Makes a conversation the one that the panel shows, now or when it is opened.
---@param conversation dragoman.Conversation
function M.select(conversation)
  if M.is_open() then
    M.show(conversation)
  else
    shown = conversation
  end
end

---Whether the user has this conversation before their eyes.
---@param conversation dragoman.Conversation
---@return boolean
function M.is_showing(conversation)
  return M.is_open() and shown == conversation
end

---The conversation that the panel shows, or has shown when it was closed; nil before the first.
---@return dragoman.Conversation?
function M.conversation()
  if shown and not vim.api.nvim_buf_is_loaded(shown.buf) then
    shown = nil
  end
  return shown
end

---@return dragoman.Conversation
function M.conversation_or_new()
  shown = M.conversation() or Conversation.new()
  return shown
end

function M.focus_prompt()
  if not is_here(windows.prompt) then
    return
  end
  vim.api.nvim_set_current_win(windows.prompt)
  if prompt.text() == '' then
    vim.cmd.startinsert()
  end
end

---Closes both windows; what runs goes on.
function M.close()
  local closing = { windows.transcript, windows.prompt }
  windows = {}
  for _, win in pairs(closing) do
    if vim.api.nvim_win_is_valid(win) then
      -- Neovim refuses to close the last window of all; then the panel is all there is, and it stays.
      pcall(vim.api.nvim_win_close, win, true)
    end
  end
end

---The window that the user works in beside the panel: the last one, else the first that is a file's.
---@return integer? win
function M.find_work_window()
  local function is_work(win)
    return win ~= 0 and win ~= windows.transcript and win ~= windows.prompt
      and vim.bo[vim.api.nvim_win_get_buf(win)].buftype == ''
  end
  local candidates = { vim.api.nvim_get_current_win(), vim.fn.win_getid(vim.fn.winnr('#')) }
  vim.list_extend(candidates, vim.api.nvim_tabpage_list_wins(0))
  for _, win in ipairs(candidates) do
    if is_work(win) then
      return win
    end
  end
end

---The same; a new one, if there is none.
---@return integer win
function M.work_window()
  return M.find_work_window()
    or vim.api.nvim_open_win(vim.api.nvim_create_buf(true, false), false, { win = -1, split = 'left' })
end

---Brings what stands above the two windows up to date; twice a second as long as there are seconds to count.
function M.refresh()
  local conversation = M.conversation()
  if not conversation or not (is_here(windows.transcript) and is_here(windows.prompt)) then
    return
  end
  layout.set_local(windows.transcript, { winbar = status.winbar(conversation) })
  layout.set_local(windows.prompt, { winbar = status.prompt_winbar(prompt.attached(), conversation.is_editing) })
  prompt.set_placeholder(('Ask %s …'):format(conversation.agent or 'an agent'))
  local turn = conversation.turn
  if turn and turn.phase ~= 'streaming' and not is_ticking then
    is_ticking = true
    vim.defer_fn(function()
      is_ticking = false
      M.refresh()
    end, TICK_MS)
  end
end

local group = vim.api.nvim_create_augroup('dragoman.panel', {})

vim.api.nvim_create_autocmd('User', { group = group, pattern = 'DragomanChanged', callback = M.refresh })

vim.api.nvim_create_autocmd('WinClosed', {
  group = group,
  desc = 'The two windows are one thing: closing one closes the other',
  callback = function(event)
    local win = tonumber(event.match)
    if win == windows.transcript or win == windows.prompt then
      vim.schedule(M.close) -- windows cannot be closed while one is being closed
    end
  end,
})

return M
