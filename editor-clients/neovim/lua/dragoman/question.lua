---A question of the server: its first line and the choices by |vim.ui|, what else it says in a window above them.

local M = {}

local ROW = 1
local BELOW_PICKERS = 40 -- the 'zindex' of floating windows is 50 where none is given

---@param lines string[]
---@param width integer
---@return integer # screen lines
local function height_of(lines, width)
  local height = 0
  for _, line in ipairs(lines) do
    height = height + math.max(1, math.ceil(vim.fn.strdisplaywidth(line) / width))
  end
  return height
end

---Shows lines that are only to be read.
---@param lines string[]
---@return fun() close
local function show(lines)
  local widest = math.max(unpack(vim.tbl_map(vim.fn.strdisplaywidth, lines)))
  local width = math.max(1, math.min(widest, vim.o.columns - 4))
  local buf = vim.api.nvim_create_buf(false, true)
  vim.bo[buf].bufhidden = 'wipe'
  vim.api.nvim_buf_set_lines(buf, 0, -1, false, lines)
  local win = vim.api.nvim_open_win(buf, false, {
    relative = 'editor',
    row = ROW,
    col = math.floor((vim.o.columns - width - 2) / 2),
    width = width,
    height = math.max(1, math.min(height_of(lines, width), vim.o.lines - 8)),
    style = 'minimal',
    border = 'rounded',
    title = ' Dragoman ',
    focusable = false,
    zindex = BELOW_PICKERS,
  })
  vim.wo[win].wrap = true
  vim.cmd.redraw() -- what asks next may wait for a key before anything is drawn
  return function()
    if vim.api.nvim_win_is_valid(win) then
      vim.api.nvim_win_close(win, true)
    end
  end
end

---@param params { title: string, default?: string, options?: string[] }
---@param on_answer fun(value?: string) Gets nil where the user has changed their mind.
function M.ask(params, on_answer)
  local lines = vim.split(vim.trim(params.title), '\n')
  local close = #lines > 1 and show(lines) or function() end
  local function answer(value)
    close()
    on_answer(value)
  end
  if params.options then
    vim.ui.select(params.options, { prompt = lines[1], kind = 'dragoman_ask' }, answer)
  else
    vim.ui.input({ prompt = lines[1] .. ': ', default = params.default }, answer)
  end
end

return M
