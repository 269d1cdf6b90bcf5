" Dragoman with yegappan/lsp: source this file in your vimrc.

let g:dragoman_filetypes = get(g:, 'dragoman_filetypes', ['json', 'jsonc', 'markdown'])

augroup dragoman
  autocmd!
  autocmd VimEnter * call LspAddServer([#{
  \ name: 'dragoman',
  \ path: exepath('dragoman'),
  \ args: ['serve'],
  \ filetype: g:dragoman_filetypes,
  \}])
augroup END
