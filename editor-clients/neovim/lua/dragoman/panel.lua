---The panel's two windows: the transcript, and the prompt below it. It shows one conversation at a time.

local Conversation = require('dragoman.conversation')
local config = require('dragoman.config')
local fold = require('dragoman.fold')
local prompt = require('dragoman.prompt')
local status = require('dragoman.status')

require('dragoman.highlights')

local M = {}

local TICK_MS = 500

local windows = {} ---@type { transcript?: integer, prompt?: integer }
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

---@param size number
---@param whole integer
---@return integer
local function absolute(size, whole)
  return math.max(1, math.floor(size < 1 and size * whole or size))
end

---@param win integer
---@param options table<string, any>
local function set_local(win, options)
  for name, value in pairs(options) do
    vim.api.nvim_set_option_value(name, value, { scope = 'local', win = win })
  end
end

local COMMON = {
  number = false,
  relativenumber = false,
  signcolumn = 'no',
  foldcolumn = '0',
  colorcolumn = '',
  list = false,
  spell = false,
  wrap = true,
  linebreak = true,
  breakindent = true,
  winfixbuf = true,
}

---A buffer that is new in a window takes the user's options with it, so this follows each change of the buffer.
---@param win integer
local function dress_transcript(win)
  local is_side = config.options.panel.position ~= 'bottom'
  set_local(win, COMMON)
  set_local(win, {
    winfixwidth = is_side,
    winfixheight = not is_side,
    foldmethod = 'manual',
    foldenable = true,
    foldtext = "v:lua.require'dragoman.fold'.text()",
    fillchars = 'fold: ,eob: ',
    cursorline = false,
  })
end

---@param buf integer
---@return integer win
local function open_transcript(buf)
  local options = config.options.panel
  local is_side = options.position ~= 'bottom'
  local win = vim.api.nvim_open_win(buf, false, {
    win = -1,
    split = is_side and options.position or 'below',
    width = is_side and absolute(options.width, vim.o.columns) or nil,
    height = not is_side and absolute(options.height, vim.o.lines) or nil,
  })
  dress_transcript(win)
  return win
end

---@param transcript_win integer
---@return integer win
local function open_prompt(transcript_win)
  local win = vim.api.nvim_open_win(prompt.buffer(), false, {
    win = transcript_win,
    split = 'below',
    height = config.options.panel.prompt_height,
  })
  set_local(win, COMMON)
  set_local(win, { winfixheight = true, fillchars = 'eob: ' })
  return win
end

---Opens the panel, if it is not open here, and shows a conversation in it.
---@param conversation dragoman.Conversation
function M.show(conversation)
  shown = conversation
  if not M.is_open() then
    M.close() -- it may be open in another tab page
    windows.transcript = open_transcript(conversation.buf)
    windows.prompt = open_prompt(windows.transcript)
  elseif vim.api.nvim_win_get_buf(windows.transcript) ~= conversation.buf then
    set_local(windows.transcript, { winfixbuf = false })
    vim.api.nvim_win_set_buf(windows.transcript, conversation.buf)
    dress_transcript(windows.transcript)
  end
  vim.api.nvim_win_set_cursor(windows.transcript, { vim.api.nvim_buf_line_count(conversation.buf), 0 })
  fold.apply(windows.transcript, conversation.buf)
  M.refresh()
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
  return M.conversation() or Conversation.new()
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
  local closing = windows
  windows = {}
  for _, win in pairs(closing) do
    if vim.api.nvim_win_is_valid(win) then
      -- Neovim refuses to close the last window of all; then the panel is all there is, and it stays.
      pcall(vim.api.nvim_win_close, win, true)
    end
  end
end

---The window that the user works in beside the panel: the last one, else the first that is a file's, else a new one.
---@return integer win
function M.work_window()
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
  return vim.api.nvim_open_win(vim.api.nvim_create_buf(true, false), false, { win = -1, split = 'left' })
end

---Brings what stands above the two windows up to date; twice a second as long as there are seconds to count.
function M.refresh()
  local conversation = M.conversation()
  if not conversation or not (is_here(windows.transcript) and is_here(windows.prompt)) then
    return
  end
  set_local(windows.transcript, { winbar = status.winbar(conversation) })
  set_local(windows.prompt, { winbar = status.prompt_winbar(prompt.attached(), conversation.is_editing) })
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
