---Text on its way from an agent into a buffer. Buffers hold lines, agents send what they like.

local M = {}

---The length in UTF-16 code units, which is how the protocol counts.
---@param text string
---@return integer
function M.utf16_length(text)
  return vim.str_utfindex(text, 'utf-16')
end

---Makes all three kinds of line break "\n". A "\r" at the very end is held back, since its "\n" may still come.
---@param text string
---@return string text
---@return string held To be put before what comes next.
function M.normalize(text)
  local held = text:match('\r$') or ''
  local body = text:sub(1, #text - #held):gsub('\r\n?', '\n')
  return body, held
end

---@param text string
---@return string[]
function M.lines(text)
  return vim.split(text:gsub('\r\n?', '\n'), '\n', { plain = true })
end

---@param text string
---@return string
function M.one_line(text)
  return vim.trim((text:gsub('%s*[\r\n]+%s*', ' ')))
end

return M
