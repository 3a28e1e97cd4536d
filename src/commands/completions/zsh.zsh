_jwks_load
unfunction _jwks_load
functions[_jwks_options]=$functions[_jwks]

# Kids and rules, which the program is asked for; the function above knows the rest.
_jwks() {
    local -a typed found
    if [[ $words[CURRENT-1] == -* || $words[CURRENT] == -*=* ]]; then
        typed=("${(@Q)words[2,CURRENT]}")
        # The program of the search path, and never what the line names: nobody has agreed to run that.
        found=("${(@f)$(command jwks completions zsh -- "${(@)typed/#\~\//$HOME/}" 2>/dev/null </dev/null)}")
        found=("${(@)found:#}")
        if (( $#found )); then
            compadd -- "${(@)found}"
            return
        fi
    fi
    _jwks_options "$@"
}

if [ "$funcstack[1]" = "_jwks" ]; then
    _jwks "$@"
fi
