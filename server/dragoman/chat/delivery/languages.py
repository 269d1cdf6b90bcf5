"""The extension of a file in the language that stands behind a fence."""

from __future__ import annotations

_LANGUAGES = """
    txt: text plain plaintext txt
    md: markdown md
    html: html htm
    css: css
    scss: scss
    less: less
    js: javascript js node
    jsx: jsx javascriptreact
    ts: typescript ts
    tsx: tsx typescriptreact
    vue: vue
    svelte: svelte
    json: json
    jsonc: jsonc json5
    jsonl: jsonl ndjson
    yaml: yaml yml
    toml: toml
    ini: ini cfg
    xml: xml
    svg: svg
    csv: csv
    py: python py python3
    ipynb: ipynb
    rb: ruby rb
    php: php
    pl: perl pl
    lua: lua
    r: r
    jl: julia jl
    java: java
    kt: kotlin kt
    kts: kts
    scala: scala
    groovy: groovy
    gradle: gradle
    clj: clojure clj
    c: c
    h: h
    cpp: cpp c++ cxx cc
    hpp: hpp
    cs: csharp cs c#
    fs: fsharp fs f#
    vb: vb vbnet
    go: go golang
    rs: rust rs
    swift: swift
    m: objectivec objective-c objc
    dart: dart
    zig: zig
    nim: nim
    hs: haskell hs
    ml: ocaml ml
    ex: elixir ex
    erl: erlang erl
    el: elisp emacs-lisp el
    lisp: lisp commonlisp
    scm: scheme scm
    vim: vim viml vimscript
    sh: bash sh shell zsh shellscript
    fish: fish
    ps1: powershell ps1 pwsh
    bat: bat batch cmd
    sql: sql mysql postgresql sqlite
    graphql: graphql gql
    proto: proto protobuf
    tf: terraform tf hcl
    diff: diff patch
    tex: latex tex
    rst: rst restructuredtext
    adoc: asciidoc adoc
    mmd: mermaid
    puml: plantuml
    dot: dot graphviz
    dockerfile: dockerfile docker
    mk: makefile make
    cmake: cmake
    http: http
    log: log console
"""

EXTENSIONS = {
    language: extension.strip()
    for extension, _, languages in (row.partition(":") for row in _LANGUAGES.strip().splitlines())
    for language in languages.split()
}
"""Language, in lower case → extension, without its dot."""


def extension_of(language: str) -> str:
    """The extension for a language; `txt` for one that is not known."""
    return EXTENSIONS.get(language.lower(), "txt")
