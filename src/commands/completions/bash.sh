
# Kids and rules, which the program is asked for; the function above knows the rest.
_jwks_complete() {
    local rest=${COMP_LINE:0:COMP_POINT} piece before= last=-1 value plain
    local quotes="[\\\\\"']" words=()
    COMPREPLY=()

    # readline breaks words at = and : as well, and hands them over as they were typed. What stands
    # before the last piece of the last word is not to be repeated.
    for piece in "${COMP_WORDS[@]:0:COMP_CWORD+1}"; do
        if [[ $last -lt 0 || $rest == [[:space:]]* ]]; then
            rest=${rest#"${rest%%[![:space:]]*}"}
            last=$((last + 1))
            words[last]=
        fi
        before=${words[last]}
        [[ $rest == "$piece"* ]] || piece=$rest
        rest=${rest#"$piece"}
        words[last]+=$piece
    done
    if [[ $piece == [=:]* ]]; then
        before+=$piece
        piece=
    fi

    # Nothing of the line is evaluated: quotes are left out on both sides of a comparison.
    words=("${words[@]//$quotes/}")
    words=("${words[@]/#~\//$HOME/}")
    if [[ $last -gt 0 && ( ${words[last - 1]} == -* || ${words[last]} == -*=* ) ]]; then
        # The program of the search path, and never what the line names: nobody has agreed to run that.
        while IFS= read -r value; do
            plain=${value//$quotes/}
            [[ -n $value && $plain == "${words[last]}"* ]] || continue
            case $piece in
                \'*) [[ $value != *\'* ]] || continue ;;
                \"*) [[ $value != *[\"\$\`\\!]* ]] || continue ;;
                *) printf -v value %q "$value" ;;
            esac
            [[ $value == "$before"* ]] || continue
            COMPREPLY+=("${value#"$before"}")
        done <<<"$(command jwks completions bash -- "${words[@]:1}" 2>/dev/null </dev/null)"
    fi
    [[ ${#COMPREPLY[@]} -eq 0 ]] || return 0

    if [[ $before == -*= ]]; then
        _jwks "$1" "$piece" "${before%=}"
    else
        _jwks "$@"
    fi
}

if [[ "${BASH_VERSINFO[0]}" -eq 4 && "${BASH_VERSINFO[1]}" -ge 4 || "${BASH_VERSINFO[0]}" -gt 4 ]]; then
    complete -F _jwks_complete -o nosort -o bashdefault -o default jwks
else
    complete -F _jwks_complete -o bashdefault -o default jwks
fi
