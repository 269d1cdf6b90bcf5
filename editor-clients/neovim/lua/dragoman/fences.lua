---Fenced blocks of Markdown.

local M = {}

---@class dragoman.Block
---@field first integer The index of its first line, from 1.
---@field last integer The index of its last line; one less than `first` if it is empty.
---@field language string As its fence says, or "".
---@field fence string
---@field is_closed boolean

---@param line string
---@return string? fence
---@return string info What stands behind it.
local function fence_of(line)
  local fence, info = line:match('^ ? ? ?(```+)(.*)$')
  if not fence then
    fence, info = line:match('^ ? ? ?(~~~+)(.*)$')
  end
  return fence, info or ''
end

---@param open dragoman.Block
---@param fence string
---@param info string
---@return boolean
local function closes(open, fence, info)
  return fence:sub(1, 1) == open.fence:sub(1, 1) and #fence >= #open.fence and not info:find('%S')
end

---@param lines string[]
---@return dragoman.Block[]
function M.blocks(lines)
  local blocks, open = {}, nil ---@type dragoman.Block[], dragoman.Block?
  for index, line in ipairs(lines) do
    local fence, info = fence_of(line)
    if fence and open and closes(open, fence, info) then
      open.last, open.is_closed, open = index - 1, true, nil
    elseif fence and not open and not (fence:sub(1, 1) == '`' and info:find('`', 1, true)) then
      open = { first = index + 1, last = #lines, language = info:match('^%s*(%S*)'), fence = fence, is_closed = false }
      table.insert(blocks, open)
    end
  end
  if open and open.last >= open.first and lines[open.last] == '' then
    open.last = open.last - 1 -- what stands behind the last line end is no line
  end
  return blocks
end

---The fence that closes a block which `lines` leave open, else nil. What follows would be taken for code.
---@param lines string[]
---@return string?
function M.missing(lines)
  local blocks = M.blocks(lines)
  local last = blocks[#blocks]
  return last and not last.is_closed and last.fence or nil
end

return M
