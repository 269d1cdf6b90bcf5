---Where the user is in a document, as the server wants to be told.

local panel = require('dragoman.panel')

local M = {}

---@class dragoman.Place
---@field buf? integer nil if the user is in none that the server knows.
---@field textDocument? { uri: string, version: integer }
---@field position? lsp.Position The cursor.
---@field range? lsp.Range What is selected.

---@param buf integer
---@return { uri: string, version: integer }
local function document(buf)
  return { uri = vim.uri_from_bufnr(buf), version = vim.lsp.util.buf_versions[buf] }
end

---@param client vim.lsp.Client
---@param selection? dragoman.Selection What the question is about; absent: the window beside the panel counts.
---@return dragoman.Place
function M.of(client, selection)
  if selection and selection:is_valid() and client.attached_buffers[selection.buf] then
    local range = selection:range(client.offset_encoding)
    return { buf = selection.buf, textDocument = document(selection.buf), position = range['end'], range = range }
  end
  local win = panel.find_work_window()
  local buf = win and vim.api.nvim_win_get_buf(win)
  if not buf or not client.attached_buffers[buf] then
    return {}
  end
  local position = vim.lsp.util.make_position_params(win, client.offset_encoding).position
  return { buf = buf, textDocument = document(buf), position = position }
end

return M
