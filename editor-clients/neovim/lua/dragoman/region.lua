---A piece of a buffer that text is added to at its end, wherever that end has moved.
---
---It is one extmark: its start stays before what is put there, its end moves behind it.

local text = require('dragoman.text')
local transcript = require('dragoman.transcript')

---@class dragoman.Region
---@field private buf integer
---@field private mark integer
---@field private highlight? string
---@field private prefix string
---@field private held string A "\r" whose "\n" may still come.
local Region = {}
Region.__index = Region

---An empty region. `prefix` is put before every line but the first, which has it already.
---@param buf integer
---@param row integer From 0.
---@param column integer Bytes.
---@param options? { highlight?: string, prefix?: string }
---@return dragoman.Region
function Region.new(buf, row, column, options)
  options = options or {}
  local self = setmetatable({
    buf = buf,
    highlight = options.highlight,
    prefix = options.prefix or '',
    held = '',
  }, Region)
  self.mark = vim.api.nvim_buf_set_extmark(buf, transcript.namespace, row, column, {
    end_row = row,
    end_col = column,
    right_gravity = false,
    end_right_gravity = true,
    hl_group = self.highlight,
    priority = 200, -- above the syntax's own colours
  })
  return self
end

---@return integer start_row From 0.
---@return integer start_column
---@return integer end_row
---@return integer end_column
function Region:range()
  local row, column, details =
    unpack(vim.api.nvim_buf_get_extmark_by_id(self.buf, transcript.namespace, self.mark, { details = true }))
  return row, column, details.end_row, details.end_col
end

---@param addition string
function Region:append(addition)
  local body, held = text.normalize(self.held .. addition)
  self.held = held
  self:put(body)
end

---Nothing more comes: what is held back goes in.
function Region:finish()
  local held = self.held
  self.held = ''
  self:put((held:gsub('\r', '\n')))
end

---@param replacement string
function Region:replace(replacement)
  self.held = ''
  local row, column, end_row, end_column = self:range()
  transcript.edit(self.buf, function()
    vim.api.nvim_buf_set_text(self.buf, row, column, end_row, end_column, {})
  end)
  self:append(replacement)
end

---@return boolean
function Region:is_empty()
  local row, column, end_row, end_column = self:range()
  return row == end_row and column == end_column
end

---Takes away the line that was kept for it.
function Region:remove_line()
  local row = self:range()
  transcript.edit(self.buf, function()
    vim.api.nvim_buf_set_lines(self.buf, row, row + 1, false, {})
  end)
end

---@return string[]
function Region:lines()
  local row, column, end_row, end_column = self:range()
  return vim.api.nvim_buf_get_text(self.buf, row, column, end_row, end_column, {})
end

---@private
---@param body string With no line break but "\n".
function Region:put(body)
  if body == '' then
    return
  end
  local lines = vim.split(body, '\n', { plain = true })
  for index = 2, #lines do
    lines[index] = self.prefix .. lines[index]
  end
  local _, _, row, column = self:range()
  transcript.edit(self.buf, function()
    vim.api.nvim_buf_set_text(self.buf, row, column, row, column, lines)
  end)
end

return Region
