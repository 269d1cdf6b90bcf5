---The `:Dragoman` command and `<Plug>` mappings. Nothing else is loaded before it is used, no key is taken.

if vim.g.loaded_dragoman then
  return
end
vim.g.loaded_dragoman = true

vim.api.nvim_create_user_command('Dragoman', function(call)
  require('dragoman.command').run(call)
end, {
  nargs = '*',
  range = true,
  desc = 'Talk to an agent',
  complete = function(...)
    return require('dragoman.command').complete(...)
  end,
})

local function map(mode, name, command, description)
  vim.keymap.set(mode, ('<Plug>(dragoman-%s)'):format(name), command, { desc = 'Dragoman: ' .. description })
end

map('n', 'chat', '<Cmd>Dragoman chat<CR>', 'open or close the chat panel')
map('n', 'new', '<Cmd>Dragoman new<CR>', 'new conversation')
map('n', 'agent', '<Cmd>Dragoman agent<CR>', 'choose the agent')
map('n', 'stop', '<Cmd>Dragoman stop<CR>', 'stop the answer')
map('n', 'ask', ':.Dragoman ask<CR>', 'ask about the line')
map('x', 'ask', ':Dragoman ask<CR>', 'ask about the selection')

vim.api.nvim_create_autocmd('LspAttach', {
  group = vim.api.nvim_create_augroup('dragoman', {}),
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'dragoman' then
      require('dragoman.defaults').attached(client, event.buf)
    end
  end,
})
