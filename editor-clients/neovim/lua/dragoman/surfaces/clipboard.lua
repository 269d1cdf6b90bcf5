---Texts for the clipboard: in the register `"`, for |p|, and in `+`, for other programs, where there is a clipboard.

local client_module = require('dragoman.client')
local text_module = require('dragoman.text')

local M = {}

---@param text string
---@param what string The beginning of the sentence that tells of it.
function M.copy(text, what)
  local lines = text_module.lines(text)
  local kind = #lines > 1 and lines[#lines] == '' and 'V' or 'v'
  if kind == 'V' then
    table.remove(lines)
  end
  for index, line in ipairs(lines) do
    lines[index] = line:gsub('%z', '\n') -- how a register holds NUL
  end
  vim.fn.setreg('"', lines, kind)
  local has_clipboard = vim.fn.has('clipboard') == 1
  if has_clipboard then
    vim.fn.setreg('+', lines, kind)
  end
  client_module.tell(('%s is in register "%s.'):format(what, has_clipboard and ' and in the clipboard' or ''))
end

---@param params table
---@param answer dragoman.ShowAnswer
function M.show(params, answer)
  M.copy(params.text, ('The answer of %s'):format(params.agent))
  answer({ shown = true })
end

return M
