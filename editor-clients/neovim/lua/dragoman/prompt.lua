---The buffer that prompts are written in, and what is to be sent along with the next one.

local keymaps = require('dragoman.keymaps')
local text_module = require('dragoman.text')

local M = {}

local namespace = vim.api.nvim_create_namespace('dragoman.prompt')

local buf ---@type integer?
local selections = {} ---@type dragoman.Selection[]
local previous = ''
local placeholder = ''

local function show_placeholder()
  vim.api.nvim_buf_clear_namespace(buf, namespace, 0, -1)
  if M.text() == '' then
    vim.api.nvim_buf_set_extmark(buf, namespace, 0, 0, {
      virt_text = { { placeholder, 'DragomanHint' } },
      virt_text_pos = 'overlay',
    })
  end
end

---@return integer buf
function M.buffer()
  if buf and vim.api.nvim_buf_is_loaded(buf) then
    return buf
  end
  buf = vim.api.nvim_create_buf(false, true)
  vim.api.nvim_buf_set_name(buf, 'dragoman://prompt')
  vim.bo[buf].filetype = 'markdown'
  pcall(vim.treesitter.start, buf, 'markdown')
  vim.api.nvim_create_autocmd({ 'TextChanged', 'TextChangedI' }, { buffer = buf, callback = show_placeholder })
  keymaps.set_prompt(buf)
  return buf
end

---@return string
function M.text()
  local lines = vim.api.nvim_buf_get_lines(M.buffer(), 0, -1, false)
  return vim.trim(table.concat(lines, '\n'))
end

---@param text string
function M.set(text)
  vim.api.nvim_buf_set_lines(M.buffer(), 0, -1, false, text_module.lines(text))
  show_placeholder()
end

---Puts a text below what is written.
---@param text string
function M.add(text)
  local draft = M.text()
  M.set(draft == '' and text or draft .. '\n\n' .. text)
end

---@param text string What an empty prompt shows.
function M.set_placeholder(text)
  placeholder = text
  show_placeholder()
end

---The next prompt takes this along.
---@param selection dragoman.Selection
function M.attach(selection)
  table.insert(selections, selection)
end

---@return dragoman.Selection[]
function M.attached()
  selections = vim.tbl_filter(function(selection)
    return selection:is_valid()
  end, selections)
  return selections
end

---It was sent: it is remembered, and the next one begins, with what was typed since.
---@param sent string
function M.clear(sent)
  selections = {}
  M.clear_text(sent)
end

---The same without what is attached, which waits for the next one.
---@param sent string
function M.clear_text(sent)
  previous = sent
  local text = M.text()
  M.set(vim.startswith(text, sent) and text:sub(#sent + 1) or text)
end

---Brings back the last prompt, unless another has been begun.
function M.recall()
  if M.text() == '' and previous ~= '' then
    M.set(previous)
  end
end

return M
