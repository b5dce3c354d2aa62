# Completion for bash; `slsops autocomplete bash` puts it in place. All it knows it asks of slsops.

_slsops() {
  local answer ending='' candidate
  COMPREPLY=()
  # the line, not COMP_WORDS: bash splits those at colons too
  answer=$(slsops complete bash "$COMP_WORDBREAKS" "${COMP_LINE:0:${COMP_POINT:-${#COMP_LINE}}}" 2>/dev/null </dev/null) || return 0
  {
    IFS= read -r ending
    while IFS= read -r candidate; do COMPREPLY+=("$candidate"); done
  } <<<"$answer"
  # bash 3.2 has no compopt: there a blank follows each word
  case $ending in
    open) compopt -o nospace 2>/dev/null ;;
    file) compopt -o default 2>/dev/null ;;
  esac
  return 0
}

complete -F _slsops slsops
