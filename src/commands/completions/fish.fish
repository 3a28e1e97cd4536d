
# Kids and rules, which the program is asked for.
function __fish_jwks_ask
    set -l words (commandline -opc)
    set -l current (commandline -ct)
    # fish completes the value alone.
    if string match -q -- '--*=*' $current
        set -l parts (string split -m 1 = -- $current)
        set -a words $parts[1]
        set current $parts[2]
    end
    set -l home (string escape --style=regex -- $HOME)
    # A ~ at the start would not be quoted, and then mean a home folder.
    # The program of the search path, and never what the line names: nobody has agreed to run that.
    command jwks completions fish -- (string replace -r '^~/' "$home/" -- $words[2..]) "$current" 2>/dev/null </dev/null |
        string match -v -- '~*'
end

