---The folds over an agent's reasoning. Made by hand, so that nothing is computed while an answer streams.

local transcript = require('dragoman.transcript')

local M = {}

local namespace = vim.api.nvim_create_namespace('dragoman.fold')

---@param win integer
---@param first integer From 0.
---@param last integer
local function fold(win, first, last)
  vim.api.nvim_win_call(win, function()
    if vim.fn.foldlevel(first + 1) == 0 then
      vim.cmd(('%d,%dfold'):format(first + 1, last + 1))
    end
  end)
end

---Folds lines in every window that shows the buffer, now and later.
---@param buf integer
---@param first integer From 0.
---@param last integer
function M.add(buf, first, last)
  vim.api.nvim_buf_set_extmark(buf, namespace, first, 0, { end_row = last, end_col = 0 })
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    fold(win, first, last)
  end
end

---Folds what is to be folded in a window that has just come to show the buffer.
---@param win integer
---@param buf integer
function M.apply(win, buf)
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(buf, namespace, 0, -1, { details = true })) do
    fold(win, mark[2], mark[4].end_row)
  end
end

---For 'foldtext': what stands behind the first line anyway.
---@return string
function M.text()
  local row = vim.v.foldstart - 1
  for _, mark in
    ipairs(vim.api.nvim_buf_get_extmarks(0, transcript.namespace, { row, 0 }, { row, -1 }, { details = true }))
  do
    if mark[4].virt_text then
      return '▸ ' .. mark[4].virt_text[1][1]
    end
  end
  return '▸ …'
end

return M
