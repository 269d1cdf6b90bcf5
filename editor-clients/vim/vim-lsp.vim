" Dragoman with vim-lsp: source this file in your vimrc.

let g:dragoman_filetypes = get(g:, 'dragoman_filetypes', ['json', 'jsonc', 'markdown'])

augroup dragoman
  autocmd!
  autocmd User lsp_setup call lsp#register_server({
  \ 'name': 'dragoman',
  \ 'cmd': ['dragoman', 'serve'],
  \ 'allowlist': g:dragoman_filetypes,
  \})
augroup END
