
# Kids and rules, which the program is asked for; the function above knows the rest.
var jwks-options~ = $edit:completion:arg-completer[jwks]
set edit:completion:arg-completer[jwks] = {|@words|
    var found = []
    try {
        # The program of the search path, and never what the line names: nobody has agreed to run that.
        set found = [(e:jwks completions elvish -- (all $words[1..]) 2>/dev/null </dev/null | from-lines)]
    } catch e {
        nop
    }
    if (> (count $found) 0) {
        all $found
    } else {
        jwks-options $@words
    }
}
