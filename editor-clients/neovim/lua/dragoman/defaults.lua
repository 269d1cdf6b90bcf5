---What Neovim gives every buffer with a language server: `K`, and what CTRL-X CTRL-O, CTRL-] and `gq` do. Ours answers
---for its own documents only, so that all others keep what they have without it.

local M = {}

local OPTIONS = {
  omnifunc = { value = 'v:lua.vim.lsp.omnifunc', method = 'textDocument/completion' },
  tagfunc = { value = 'v:lua.vim.lsp.tagfunc', method = 'textDocument/definition' },
  formatexpr = { value = 'v:lua.vim.lsp.formatexpr()', method = 'textDocument/rangeFormatting' },
}
local HOVER = 'textDocument/hover'

---Clients that have been told by the server which documents are its own.
---@type table<integer, true>
local told = {}

---@param client vim.lsp.Client
local function is_for_another(client, buf, method)
  return vim.iter(vim.lsp.get_clients({ bufnr = buf, method = method })):any(function(other)
    return other.id ~= client.id
  end)
end

local function maps_hover(buf)
  return vim.iter(vim.api.nvim_buf_get_keymap(buf, 'n')):any(function(map)
    return map.lhs == 'K' and map.desc == 'vim.lsp.buf.hover()'
  end)
end

local function take_back(client, buf)
  for option, set in pairs(OPTIONS) do
    if vim.bo[buf][option] == set.value and not is_for_another(client, buf, set.method) then
      vim.bo[buf][option] = vim.filetype.get_option(vim.bo[buf].filetype, option)
    end
  end
  if maps_hover(buf) and not is_for_another(client, buf, HOVER) then
    vim.keymap.del('n', 'K', { buffer = buf })
  end
end

---Neovim 0.11 looks at the current buffer where it means another one, so it can have forgotten this.
local function map_hover(buf)
  local is_free = vim.api.nvim_buf_call(buf, function()
    return vim.fn.maparg('K', 'n', false, false) == '' and vim.bo.keywordprg == ''
  end)
  if is_free then
    vim.keymap.set('n', 'K', vim.lsp.buf.hover, { buffer = buf, desc = 'vim.lsp.buf.hover()' })
  end
end

---A buffer has the client now.
---@param client vim.lsp.Client
---@param buf integer
function M.attached(client, buf)
  if not told[client.id] then
    return
  end
  if client:supports_method(HOVER, buf) then
    map_hover(buf)
  else
    take_back(client, buf)
  end
end

---The server has told which documents are its own.
---@param client vim.lsp.Client
function M.told(client)
  told[client.id] = true
  for buf in pairs(client.attached_buffers) do
    M.attached(client, buf)
  end
end

return M
