---A document beside what an agent makes of it, in diff mode. The document can be edited on; the proposal cannot.

local Selection = require('dragoman.selection')
local keymaps = require('dragoman.keymaps')
local layout = require('dragoman.layout')
local panel = require('dragoman.panel')
local status = require('dragoman.status')
local text = require('dragoman.text')

---@class dragoman.Proposal
---@field private document integer A buffer.
---@field private document_win integer
---@field private is_window_ours boolean Whether it was opened for this.
---@field private buf integer
---@field private win integer
---@field private agent string
---@field private selection dragoman.Selection What the text takes the place of.
---@field private reaches_end boolean Whether the document's last line end belongs to it.
local Proposal = {}
Proposal.__index = Proposal

local count = 0

---@param buf integer
---@return integer? win One that shows it in this tab page.
local function window_of(buf)
  for _, win in ipairs(vim.fn.win_findbuf(buf)) do
    if vim.api.nvim_win_get_tabpage(win) == vim.api.nvim_get_current_tabpage() then
      return win
    end
  end
end

---@param document integer
---@return integer buf
local function create_buffer(document)
  count = count + 1
  local buf = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(buf, ('dragoman://diff/%d'):format(count))
  vim.bo[buf].bufhidden = 'wipe'
  vim.bo[buf].undolevels = -1
  vim.bo[buf].filetype = vim.bo[document].filetype
  keymaps.set_proposal(buf)
  return buf
end

---@param win integer
---@param command 'diffthis'|'diffoff'
local function diff(win, command)
  vim.api.nvim_win_call(win, function()
    vim.cmd(command)
  end)
end

---Opens both windows; the cursor stays where it is.
---@param params table ShowParams of the protocol.
---@param encoding 'utf-8'|'utf-16'|'utf-32'
---@param on_closed fun() The user has closed it.
---@return dragoman.Proposal? # nil if the document is not there
function Proposal.open(params, encoding, on_closed)
  local document = vim.uri_to_bufnr(params.textDocument.uri)
  if not vim.api.nvim_buf_is_loaded(document) then
    return nil
  end
  local found = window_of(document)
  local document_win = found
    or vim.api.nvim_open_win(document, false, { split = 'above', win = panel.work_window() })
  local buf = create_buffer(document)
  local win = vim.api.nvim_open_win(buf, false, { split = 'right', win = document_win })
  local self = setmetatable({
    document = document,
    document_win = document_win,
    is_window_ours = not found,
    buf = buf,
    win = win,
    agent = params.agent,
  }, Proposal)
  self:update(params, encoding)
  layout.set_local(win, { winfixbuf = true, winbar = status.proposal_winbar(self.agent, false) })
  diff(document_win, 'diffthis')
  diff(win, 'diffthis')
  vim.api.nvim_create_autocmd('WinClosed', {
    pattern = tostring(win),
    once = true,
    callback = vim.schedule_wrap(on_closed),
  })
  return self
end

---Shows the text as far as it has come.
---@param params table ShowParams of the protocol.
---@param encoding 'utf-8'|'utf-16'|'utf-32'
function Proposal:update(params, encoding)
  if not (vim.api.nvim_buf_is_loaded(self.buf) and vim.api.nvim_buf_is_loaded(self.document)) then
    return
  end
  self:follow(params, encoding)
  vim.bo[self.buf].modifiable = true
  vim.api.nvim_buf_set_lines(self.buf, 0, -1, false, self:lines(params.text))
  vim.bo[self.buf].modifiable = false
  vim.bo[self.buf].modified = false
end

---All of the text is there: it can be accepted.
function Proposal:complete()
  if vim.api.nvim_win_is_valid(self.win) then
    layout.set_local(self.win, { winbar = status.proposal_winbar(self.agent, true) })
    diff(self.win, 'diffupdate')
  end
end

---@param buf integer
---@return boolean
function Proposal:is_about(buf)
  return buf == self.buf or buf == self.document
end

---Takes both windows out of diff mode, and away where they were opened for it.
function Proposal:close()
  if vim.api.nvim_win_is_valid(self.document_win) then
    diff(self.document_win, 'diffoff')
    if self.is_window_ours then
      pcall(vim.api.nvim_win_close, self.document_win, false) -- it stays if it is the last one
    end
  end
  if vim.api.nvim_buf_is_valid(self.buf) then
    vim.api.nvim_buf_delete(self.buf, { force = true })
  end
  self.selection:drop()
end

---Takes the range of a version that is here already; else the last one is followed, by its marks.
---@private
---@param params table
---@param encoding 'utf-8'|'utf-16'|'utf-32'
function Proposal:follow(params, encoding)
  if self.selection and vim.lsp.util.buf_versions[self.document] ~= params.textDocument.version then
    return
  end
  if self.selection then
    self.selection:drop()
  end
  self.selection = Selection.of_range(self.document, params.range, encoding)
  self.reaches_end = params.range['end'].line >= vim.api.nvim_buf_line_count(self.document)
end

---The document as it would be.
---@private
---@param addition string
---@return string[]
function Proposal:lines(addition)
  local row, column, end_row, end_column = self.selection:bytes()
  local before = vim.api.nvim_buf_get_text(self.document, 0, 0, row, column, {})
  local behind = vim.api.nvim_buf_get_text(self.document, end_row, end_column, -1, -1, {})
  local lines = text.lines(table.concat(before, '\n') .. addition .. table.concat(behind, '\n'))
  if self.reaches_end and #lines > 1 and lines[#lines] == '' then
    table.remove(lines)
  end
  return lines
end

return Proposal
