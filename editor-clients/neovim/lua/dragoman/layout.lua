---The panel's two windows: where they open, and what they look like.

local config = require('dragoman.config')

local M = {}

---@alias dragoman.Position 'right'|'left'|'bottom'|'float'

---@class dragoman.Windows
---@field transcript? integer
---@field prompt? integer
---@field position? dragoman.Position

local BORDER = 2 -- lines, or columns, of a frame

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

---@param win integer
---@param options table<string, any>
function M.set_local(win, options)
  for name, value in pairs(options) do
    vim.api.nvim_set_option_value(name, value, { scope = 'local', win = win })
  end
end

---A buffer that is new in a window takes the user's options with it, so this follows each change of the buffer.
---@param win integer
---@param position dragoman.Position
function M.dress_transcript(win, position)
  local is_side = position == 'right' or position == 'left'
  M.set_local(win, COMMON)
  M.set_local(win, {
    winfixwidth = is_side,
    winfixheight = position == 'bottom',
    foldmethod = 'manual',
    foldenable = true,
    foldtext = "v:lua.require'dragoman.fold'.text()",
    fillchars = 'fold: ,eob: ',
    cursorline = false,
  })
end

---@param size number
---@param whole integer
---@return integer
local function absolute(size, whole)
  return math.max(1, math.floor(size < 1 and size * whole or size))
end

---@param position 'right'|'left'|'bottom'
---@param transcript integer A buffer, as is the next.
---@param prompt integer
---@return integer transcript_win
---@return integer prompt_win
local function open_splits(position, transcript, prompt)
  local options = config.options.panel
  local is_side = position ~= 'bottom'
  local transcript_win = vim.api.nvim_open_win(transcript, false, {
    win = -1,
    split = is_side and position or 'below',
    width = is_side and absolute(options.width, vim.o.columns) or nil,
    height = not is_side and absolute(options.height, vim.o.lines) or nil,
  })
  local prompt_win = vim.api.nvim_open_win(prompt, false, {
    win = transcript_win,
    split = 'below',
    height = options.prompt_height,
  })
  return transcript_win, prompt_win
end

---Two frames, one above the other, over the right part of the screen.
---@param transcript integer A buffer, as is the next.
---@param prompt integer
---@return integer transcript_win
---@return integer prompt_win
local function open_floats(transcript, prompt)
  local options = config.options.panel
  local width = math.max(1, math.min(absolute(options.width, vim.o.columns), vim.o.columns - BORDER))
  local below = vim.o.lines - vim.o.cmdheight - 1 - options.prompt_height - BORDER
  local height = math.max(1, below - BORDER)
  local function open(buf, row, lines)
    return vim.api.nvim_open_win(buf, false, {
      relative = 'editor',
      row = row,
      col = vim.o.columns - width - BORDER,
      width = width,
      height = lines,
      border = 'rounded',
    })
  end
  return open(transcript, 0, height), open(prompt, height + BORDER, options.prompt_height)
end

---Opens both windows. The cursor stays where it is.
---@param position dragoman.Position
---@param transcript integer A buffer, as is the next.
---@param prompt integer
---@return dragoman.Windows
function M.open(position, transcript, prompt)
  local open = position == 'float' and open_floats or function(...)
    return open_splits(position, ...)
  end
  local transcript_win, prompt_win = open(transcript, prompt)
  M.dress_transcript(transcript_win, position)
  M.set_local(prompt_win, COMMON)
  M.set_local(prompt_win, { winfixheight = true, fillchars = 'eob: ' })
  return { transcript = transcript_win, prompt = prompt_win, position = position }
end

return M
