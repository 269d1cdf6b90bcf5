---Documents that the server shows, edits and makes: as Neovim does it, with three differences.
---
---Whoever types stays where they are. An edit of a text that is no more is refused: Neovim says that it was made, or
---makes it, if nothing had been typed before. A new file has no empty line at its end that nobody wrote.

local panel = require('dragoman.panel')

local M = {}

---Whether another buffer may take the place of the one in the current window.
---@return boolean
local function is_free()
  return vim.fn.mode() == 'n' and not vim.wo.winfixbuf and vim.bo.buftype == ''
end

---@param params lsp.ShowDocumentParams Not of something external.
---@param encoding 'utf-8'|'utf-16'|'utf-32'
---@return boolean shown
function M.show(params, encoding)
  local location = { uri = params.uri, range = params.selection }
  if is_free() and params.takeFocus ~= false then
    return vim.lsp.util.show_document(location, encoding, { reuse_win = true, focus = true })
  end
  local buf = vim.uri_to_bufnr(params.uri)
  vim.bo[buf].buflisted = true
  vim.fn.bufload(buf)
  if vim.fn.win_findbuf(buf)[1] == nil then
    vim.api.nvim_open_win(buf, false, { split = 'above', win = panel.work_window() })
  end
  return true
end

---Whether an edit was made for a text that has changed since.
---@param edit lsp.WorkspaceEdit
---@return boolean
function M.is_stale(edit)
  return vim.iter(edit.documentChanges or {}):any(function(change)
    local version = change.textDocument and change.textDocument.version
    return type(version) == 'number' and vim.lsp.util.buf_versions[vim.uri_to_bufnr(change.textDocument.uri)] ~= version
  end)
end

---Takes away the line that the empty buffer of a new file had, and that Neovim leaves behind what it puts there.
---@param edit lsp.WorkspaceEdit One that was applied.
function M.trim_created(edit)
  local created = {} ---@type table<string, boolean>
  for _, change in ipairs(edit.documentChanges or {}) do
    if change.kind == 'create' then
      created[change.uri] = true
    elseif change.edits and created[change.textDocument.uri] and vim.endswith(change.edits[1].newText, '\n') then
      local buf = vim.uri_to_bufnr(change.textDocument.uri)
      vim.api.nvim_buf_set_lines(buf, -2, -1, false, {})
    end
  end
end

return M
