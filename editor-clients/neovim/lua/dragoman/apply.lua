---Putting an answer, or a block of code of it, somewhere by hand: one target a line.

local Selection = require('dragoman.selection')
local client_module = require('dragoman.client')
local clipboard = require('dragoman.surfaces.clipboard')
local panel = require('dragoman.panel')
local place = require('dragoman.place')

local M = {}

---@class dragoman.Applied What is to be put somewhere.
---@field conversation dragoman.Conversation
---@field asked dragoman.Asked
---@field block? dragoman.AnswerBlock Absent: the whole answer.

---@param applied dragoman.Applied
---@return string
local function content(applied)
  local _, lines = applied.asked.turn:answer_lines()
  return (table.concat(applied.block and applied.block.lines or lines, '\n'))
end

---@param applied dragoman.Applied
local function copy(applied)
  clipboard.copy(content(applied), applied.block and 'The block' or 'The answer')
end

---What is selected, or was asked about.
---@param applied dragoman.Applied
---@param selection? dragoman.Selection
---@return dragoman.Selection?
local function selected(applied, selection)
  local question = applied.asked.question
  return selection or question and question.selections and question.selections[1]
end

---Has the server do it.
---@param target string As `ApplyParams` names it.
---@param at_selection boolean Whether it is about the selection; else about the cursor of the window beside the panel.
---@return fun(applied: dragoman.Applied, selection?: dragoman.Selection)
local function by_server(target, at_selection)
  return function(applied, selection)
    local client = vim.lsp.get_client_by_id(applied.conversation.client_id or -1)
    if not client then
      return client_module.complain('The server does not run any more. Ask again to start it.')
    end
    local at = place.of(client, at_selection and selected(applied, selection) or nil)
    local params = { target = target, turnId = applied.asked.id }
    if applied.block then
      params.text, params.languageId = content(applied), applied.block.language
    end
    params.textDocument, params.position, params.range = at.textDocument, at.position, at.range
    client:request('dragoman/apply', params, function(err, result)
      if err or not result.applied then
        client_module.complain(err and err.message or 'Nothing was applied.')
      end
    end, at.buf)
  end
end

---@type table<string, fun(applied: dragoman.Applied, selection?: dragoman.Selection)>
M.targets = {
  copy = copy,
  insert = by_server('insert', false),
  replace = by_server('replaceSelection', true),
  replaceFile = by_server('replaceFile', false),
  newFile = by_server('newFile', false),
  diff = by_server('diff', true),
}

---The block at the cursor of the transcript.
---@param conversation dragoman.Conversation
---@return dragoman.AnswerBlock?
local function block_at_cursor(conversation)
  local row = vim.api.nvim_win_get_cursor(0)[1] - 1
  return vim.iter(conversation:blocks()):find(function(block)
    return block.row <= row and row <= block.last_row + 1
  end)
end

---@param conversation dragoman.Conversation
---@param number? integer Of a block of the last answer; absent: the last one.
---@return dragoman.AnswerBlock?
local function block_of_last(conversation, number)
  local last = conversation:last()
  local blocks = vim.tbl_filter(function(block)
    return block.asked == last
  end, conversation:blocks())
  return blocks[number or #blocks]
end

---The block that is named or at the cursor, else the last one; without any, the last answer.
---@param target string
---@param number? integer
---@param selection? dragoman.Selection
function M.run(target, number, selection)
  local conversation = panel.conversation()
  if not conversation or not conversation:last() then
    return client_module.complain('There is no answer yet.')
  end
  local is_here = vim.api.nvim_get_current_buf() == conversation.buf
  local block = not number and is_here and block_at_cursor(conversation) or block_of_last(conversation, number)
  if number and not block then
    return client_module.complain(('The last answer has no block %d.'):format(number))
  end
  local asked = block and block.asked or conversation:last()
  M.targets[target]({ conversation = conversation, asked = asked, block = block }, selection)
end

---`:Dragoman apply {target} [number]`; a range is what is replaced, or compared.
---@param call table What |nvim_create_user_command()| gives.
---@param words string
function M.command(call, words)
  local target, number = words:match('^(%S+)%s*(%d*)$')
  if not M.targets[target] then
    local known = table.concat(M.names(), ', ')
    return client_module.complain(('Apply it how? There are: %s, with the number of a block, or none.'):format(known))
  end
  local buf = vim.api.nvim_get_current_buf()
  local selection = call.range > 0 and Selection.of_command(buf, call.line1, call.line2) or nil
  M.run(target, tonumber(number), selection)
end

---@return string[]
function M.names()
  local names = vim.tbl_keys(M.targets)
  table.sort(names)
  return names
end

return M
