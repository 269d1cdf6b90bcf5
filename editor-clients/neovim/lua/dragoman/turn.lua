---One prompt and its answer while it runs: takes the server's events, ends once, whatever happens.

local Answer = require('dragoman.answer')
local config = require('dragoman.config')
local text = require('dragoman.text')
local transcript = require('dragoman.transcript')

---@class dragoman.Turn
---@field id string
---@field agent string
---@field conversation dragoman.Conversation
---@field phase 'connecting'|'waiting'|'streaming'|'retrying'
---@field detail? string
---@field phase_since integer Milliseconds.
---@field private answer dragoman.Answer
---@field private length integer Of the text so far, in UTF-16.
---@field private sources table[]
---@field private follow_ups string[]
---@field private notices table[]
local Turn = {}
Turn.__index = Turn

---@type table<string, dragoman.Turn>
local running = {}

---@param conversation dragoman.Conversation
---@param id string
---@param agent string
---@return dragoman.Turn
function Turn.new(conversation, id, agent)
  local self = setmetatable({
    id = id,
    agent = agent,
    conversation = conversation,
    phase = 'connecting',
    phase_since = vim.uv.now(),
    answer = Answer.new(conversation.buf, agent),
    length = 0,
    sources = {},
    follow_ups = {},
    notices = {},
  }, Turn)
  running[id] = self
  return self
end

---@param id string
---@return dragoman.Turn?
function Turn.find(id)
  return running[id]
end

---@type table<string, fun(turn: dragoman.Turn, event: table)>
local take = {
  start = function(turn, event)
    turn.conversation.id = event.conversationId
  end,
  status = function(turn, event)
    turn.phase, turn.detail = event.phase, event.detail
    turn.phase_since = vim.uv.now()
    turn.conversation:changed()
  end,
  text = function(turn, event)
    turn.length = turn.length + text.utf16_length(event.delta)
    turn.answer:add_text(event.delta)
  end,
  reasoning = function(turn, event)
    turn.answer:add_reasoning(event.delta)
  end,
  replaceText = function(turn, event)
    turn.length = text.utf16_length(event.text)
    turn.answer:replace_text(event.text)
  end,
  source = function(turn, event)
    table.insert(turn.sources, event)
  end,
  followUp = function(turn, event)
    vim.list_extend(turn.follow_ups, event.prompts)
  end,
  notice = function(turn, event)
    table.insert(turn.notices, event)
  end,
  ['end'] = function(turn, event)
    turn:finish(event.result)
  end,
}

---Takes one event. Kinds that a newer server may send are let pass, as the protocol asks.
---@param event table
function Turn:take(event)
  local action = take[event.kind]
  if action then
    action(self, event)
  end
end

---@return integer row Where the text of the answer begins, from 0.
---@return string[] lines
function Turn:answer_lines()
  return self.answer:lines()
end

---Ends without a result: the server is gone, or has refused the request.
---@param message string
function Turn:fail(message)
  self:finish({ stopReason = 'error', textLength = self.length, error = { message = message } })
end

---@param result table A TurnResult.
function Turn:finish(result)
  if not running[self.id] then
    return
  end
  running[self.id] = nil
  self.answer:finish()
  if vim.api.nvim_buf_is_loaded(self.answer.buf) then
    self.answer:set_figures(self.figures(result))
    self:write_sources(result.sources or self.sources)
    self:write_notes(result)
    self:write_follow_ups(result.followUps or self.follow_ups)
  end
  self.conversation:ended(self)
end

---@private
---@param result table
---@return string
function Turn.figures(result)
  local figures = {}
  local first_byte = vim.tbl_get(result, 'timings', 'firstByteMs')
  if first_byte then
    table.insert(figures, ('%.1f s'):format(first_byte / 1000))
  end
  local total = vim.tbl_get(result, 'usage', 'total')
  if total then
    table.insert(figures, ('%d tokens'):format(total))
  end
  local cost = vim.tbl_get(result, 'usage', 'cost')
  if cost then
    local currency = vim.tbl_get(result, 'usage', 'currency')
    table.insert(figures, currency and ('%.4g %s'):format(cost, text.one_line(currency)) or ('cost %.4g'):format(cost))
  end
  return figures[1] and '· ' .. table.concat(figures, ' · ') or ''
end

---@private
---@param sources table[]
function Turn:write_sources(sources)
  if not sources[1] then
    return
  end
  transcript.append_gap(self.answer.buf)
  local lines = { 'Sources', '' }
  for index, source in ipairs(sources) do
    local name = text.one_line(source.title or source.uri or source.excerpt or '')
    local address = source.title and source.uri and (' · ' .. text.one_line(source.uri)) or ''
    table.insert(lines, ('%d. %s%s'):format(index, name, address))
  end
  transcript.append(self.answer.buf, lines)
end

---@private
---@param prompts string[]
function Turn:write_follow_ups(prompts)
  if not prompts[1] then
    return
  end
  transcript.append_gap(self.answer.buf)
  for _, prompt in ipairs(prompts) do
    transcript.append_note(self.answer.buf, '▹ ' .. text.one_line(prompt), 'DragomanFollowUp', { prompt = prompt })
  end
  local key = config.options.keymaps.follow
  if key then
    transcript.append_note(self.answer.buf, ('  %s takes one into the prompt'):format(key), 'DragomanHint')
  end
end

---What is said below the answer about how it ended.
---@private
---@param result table
function Turn:write_notes(result)
  local notes = {} ---@type { line: string, highlight: string, target?: dragoman.LineTarget }[]
  for _, notice in ipairs(self.notices) do
    local is_warning = notice.level == 'warning'
    table.insert(notes, {
      line = (is_warning and '⚠ ' or 'ℹ ') .. text.one_line(notice.message),
      highlight = is_warning and 'DragomanWarning' or 'DragomanNotice',
    })
  end
  if result.error then
    vim.list_extend(notes, self.error_notes(result.error))
  end
  local ending = self.endings[result.stopReason]
  if ending then
    table.insert(notes, { line = ending, highlight = 'DragomanWarning' })
  end
  if result.textLength ~= self.length then
    local line = ('⚠ Only %d of %d characters have arrived here. Ask again.'):format(self.length, result.textLength)
    table.insert(notes, { line = line, highlight = 'DragomanWarning' })
  end
  if notes[1] then
    transcript.append_gap(self.answer.buf)
  end
  for _, note in ipairs(notes) do
    transcript.append_note(self.answer.buf, note.line, note.highlight, note.target)
  end
end

---@private
Turn.endings = {
  cancelled = '■ Stopped.',
  max_tokens = '⚠ The answer ends here because the agent has reached its limit of tokens.',
  refused = '⚠ The agent refuses to answer this.',
}

---@private
---@param error table A TurnError.
---@return { line: string, highlight: string, target?: dragoman.LineTarget }[]
function Turn.error_notes(error)
  local target = error.location and { location = error.location } or nil
  local notes = { { line = '✕ ' .. text.one_line(error.message), highlight = 'DragomanError', target = target } }
  local key = config.options.keymaps.location
  if target and key then
    local file = vim.fs.basename(vim.uri_to_fname(error.location.uri))
    local hint = ('  %s shows the place in %s'):format(key, file)
    table.insert(notes, { line = hint, highlight = 'DragomanHint', target = target })
  end
  for _, action in ipairs(error.actions or {}) do
    local line = '▹ ' .. text.one_line(action.title)
    table.insert(notes, { line = line, highlight = 'DragomanFollowUp', target = { action = action } })
  end
  local follow = config.options.keymaps.follow
  if error.actions and follow then
    table.insert(notes, { line = ('  %s does it'):format(follow), highlight = 'DragomanHint' })
  end
  return notes
end

return Turn
