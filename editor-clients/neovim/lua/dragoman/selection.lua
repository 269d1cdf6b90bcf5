---A piece of a buffer that is to be sent. It is an extmark, so it moves as the user types on before sending.

local namespace = vim.api.nvim_create_namespace('dragoman.selection')

---@class dragoman.Selection
---@field buf integer
---@field private mark integer
local Selection = {}
Selection.__index = Selection

---@param buf integer
---@param row integer
---@return string
local function line_at(buf, row)
  return vim.api.nvim_buf_get_lines(buf, row, row + 1, false)[1] or ''
end

---The end of the character that begins at or reaches over byte `column`, in bytes.
---@param line string
---@param column integer
---@return integer
local function character_end(line, column)
  if column >= #line then
    return #line
  end
  return column + vim.str_utf_end(line, column + 1) + 1
end

---@param buf integer
---@param row integer From 0, as are all.
---@param column integer Bytes.
---@param end_row integer
---@param end_column integer Exclusive.
---@return dragoman.Selection
function Selection.new(buf, row, column, end_row, end_column)
  local mark = vim.api.nvim_buf_set_extmark(buf, namespace, row, column, { end_row = end_row, end_col = end_column })
  return setmetatable({ buf = buf, mark = mark }, Selection)
end

---What the range of a command means: the characters that were selected, if it is the range of a selection by
---characters, else whole lines.
---@param buf integer
---@param first_line integer From 1.
---@param last_line integer
---@return dragoman.Selection
function Selection.of_command(buf, first_line, last_line)
  local from, to = vim.api.nvim_buf_get_mark(buf, '<'), vim.api.nvim_buf_get_mark(buf, '>')
  if vim.fn.visualmode() ~= 'v' or from[1] ~= first_line or to[1] ~= last_line then
    return Selection.new(buf, first_line - 1, 0, last_line - 1, #line_at(buf, last_line - 1))
  end
  local last = line_at(buf, to[1] - 1)
  local end_column = vim.o.selection == 'exclusive' and math.min(to[2], #last) or character_end(last, to[2])
  return Selection.new(buf, from[1] - 1, from[2], to[1] - 1, end_column)
end

---What a range of the protocol means. Where it ends inside a character, that character belongs to it: Neovim adds one
---unit to the last character's start, however many it has.
---@param buf integer
---@param range lsp.Range
---@param encoding 'utf-8'|'utf-16'|'utf-32'
---@return dragoman.Selection
function Selection.of_range(buf, range, encoding)
  local from, to = range.start, range['end']
  local last_row = vim.api.nvim_buf_line_count(buf) - 1
  local first, last = line_at(buf, from.line), line_at(buf, math.min(to.line, last_row))
  local column = vim.str_byteindex(first, encoding, from.character, false)
  local end_column = to.line > last_row and #last or vim.str_byteindex(last, encoding, to.character, false)
  if end_column > 0 and end_column < #last then
    end_column = character_end(last, end_column - 1)
  end
  return Selection.new(buf, from.line, column, math.min(to.line, last_row), end_column)
end

---@return integer row From 0.
---@return integer column Bytes.
---@return integer end_row
---@return integer end_column
function Selection:bytes()
  local row, column, details =
    unpack(vim.api.nvim_buf_get_extmark_by_id(self.buf, namespace, self.mark, { details = true }))
  return row, column, details.end_row, details.end_col
end

---@return boolean
function Selection:is_valid()
  return vim.api.nvim_buf_is_loaded(self.buf)
end

---It is not needed any more.
function Selection:drop()
  if vim.api.nvim_buf_is_valid(self.buf) then
    vim.api.nvim_buf_del_extmark(self.buf, namespace, self.mark)
  end
end

---For people: `app.py 10–24`.
---@return string
function Selection:label()
  local row, _, end_row = self:bytes()
  local name = vim.fs.basename(vim.api.nvim_buf_get_name(self.buf))
  local lines = row == end_row and tostring(row + 1) or ('%d–%d'):format(row + 1, end_row + 1)
  return ('%s %s'):format(name == '' and '[No Name]' or name, lines)
end

---@param encoding 'utf-8'|'utf-16'|'utf-32'
---@return lsp.Range
function Selection:range(encoding)
  local row, column, end_row, end_column = self:bytes()
  return {
    start = { line = row, character = vim.str_utfindex(line_at(self.buf, row), encoding, column) },
    ['end'] = { line = end_row, character = vim.str_utfindex(line_at(self.buf, end_row), encoding, end_column) },
  }
end

---A ContextItem. A buffer that the server does not know (a terminal, one of another workspace) goes as plain text.
---@param client vim.lsp.Client
---@return table
function Selection:context_item(client)
  if client.attached_buffers[self.buf] then
    return {
      kind = 'selection',
      textDocument = { uri = vim.uri_from_bufnr(self.buf) },
      range = self:range(client.offset_encoding),
    }
  end
  local row, column, end_row, end_column = self:bytes()
  local lines = vim.api.nvim_buf_get_text(self.buf, row, column, end_row, end_column, {})
  return {
    kind = 'text',
    text = table.concat(lines, '\n'),
    label = self:label(),
    languageId = vim.bo[self.buf].filetype,
  }
end

return Selection
