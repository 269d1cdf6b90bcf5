---Transcript buffers: Markdown that only the plugin writes. Windows follow the end if their cursor was there.

local M = {}

M.namespace = vim.api.nvim_create_namespace('dragoman.transcript')

---What a line is about: where an error lies, or which prompt a follow-up is. By extmark, so that lines may move.
---@class dragoman.LineTarget
---@field location? lsp.Location
---@field prompt? string
---@field action? lsp.Command

---@type table<integer, table<integer, dragoman.LineTarget>>
local targets = {}

---@param name string
---@return integer buf
function M.create(name)
  local buf = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(buf, name)
  vim.bo[buf].undolevels = -1 -- nobody types here, and an undo would tear the answer's marks away from it
  vim.bo[buf].filetype = 'markdown'
  pcall(vim.treesitter.start, buf, 'markdown') -- without a parser the syntax file of Markdown does it
  vim.bo[buf].modifiable = false
  targets[buf] = {}
  vim.api.nvim_create_autocmd('BufWipeout', {
    buffer = buf,
    callback = function()
      targets[buf] = nil
    end,
  })
  return buf
end

---@param buf integer
---@return integer[] windows
local function windows_at_end(buf)
  local last = vim.api.nvim_buf_line_count(buf)
  return vim.tbl_filter(function(win)
    local selects = win == vim.api.nvim_get_current_win() and vim.fn.mode():find('[vV\22]')
    return not selects and vim.api.nvim_win_get_cursor(win)[1] == last
  end, vim.fn.win_findbuf(buf))
end

---Changes a transcript. A cursor that is at the end stays at the end, any other stays where it is.
---@param buf integer
---@param change fun()
function M.edit(buf, change)
  if not vim.api.nvim_buf_is_loaded(buf) then
    return -- the user has thrown it away
  end
  local following = windows_at_end(buf)
  vim.bo[buf].modifiable = true
  change()
  vim.bo[buf].modifiable = false
  vim.bo[buf].modified = false
  for _, win in ipairs(following) do
    vim.api.nvim_win_set_cursor(win, { vim.api.nvim_buf_line_count(buf), 0 })
  end
end

---Adds lines at the end.
---@param buf integer
---@param lines string[]
---@return integer row The first of them, from 0.
function M.append(buf, lines)
  local is_empty = vim.api.nvim_buf_line_count(buf) == 1 and vim.api.nvim_buf_get_lines(buf, 0, 1, false)[1] == ''
  local row = is_empty and 0 or vim.api.nvim_buf_line_count(buf)
  M.edit(buf, function()
    vim.api.nvim_buf_set_lines(buf, row, -1, false, lines)
  end)
  return row
end

---Removes the lines from `row` on, with everything that is marked in them.
---@param buf integer
---@param row integer From 0.
function M.truncate(buf, row)
  M.edit(buf, function()
    vim.api.nvim_buf_clear_namespace(buf, -1, row, -1)
    vim.api.nvim_buf_set_lines(buf, row, -1, false, {})
  end)
end

---Adds an empty line, unless one is there.
---@param buf integer
function M.append_gap(buf)
  if vim.api.nvim_buf_get_lines(buf, -2, -1, false)[1] ~= '' then
    M.append(buf, { '' })
  end
end

---Adds one line with a colour and with what it is about.
---@param buf integer
---@param line string
---@param highlight string
---@param target? dragoman.LineTarget
function M.append_note(buf, line, highlight, target)
  local row = M.append(buf, { line })
  local mark = vim.api.nvim_buf_set_extmark(buf, M.namespace, row, 0, {
    end_row = row,
    end_col = #line,
    hl_group = highlight,
    priority = 200,
  })
  targets[buf][mark] = target
end

---Puts a dimmed text behind a line.
---@param buf integer
---@param row integer
---@param hint string
---@param mark? integer One that is to be replaced.
---@return integer mark
function M.annotate(buf, row, hint, mark)
  return vim.api.nvim_buf_set_extmark(buf, M.namespace, row, 0, {
    id = mark,
    virt_text = { { hint, 'DragomanHint' } },
  })
end

---@param buf integer
---@param row integer
---@return dragoman.LineTarget?
function M.target(buf, row)
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(buf, M.namespace, { row, 0 }, { row, -1 }, {})) do
    local target = (targets[buf] or {})[mark[1]]
    if target then
      return target
    end
  end
end

return M
