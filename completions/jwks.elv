
use builtin;
use str;

set edit:completion:arg-completer[jwks] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'jwks'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'jwks'= {
            cand --color 'When to colour what is shown'
            cand --no-input 'Never ask; a question that needs an answer is an error'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand generate 'Make keys'
            cand inspect 'Say what keys, sets and tokens are, and what is wrong with them'
            cand fetch 'Fetch a key set from its URL or its issuer'
            cand verify 'Check a token, or a log of them, and say why they fail'
            cand sign 'Mint a token with the active key'
            cand rotate 'Start a key rotation, or revoke a key'
            cand convert 'Read keys in any form, and write them in another'
            cand diff 'Tell what changed between two key sets'
            cand completions 'Print a completion script for a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'jwks;generate'= {
            cand --color 'When to colour what is shown'
            cand -a 'The algorithm of the key; repeat it for several keys'
            cand --alg 'The algorithm of the key; repeat it for several keys'
            cand --count 'How many keys to make for each algorithm'
            cand --size 'Size in bits: of an RSA modulus (2048 to 8192, default 2048), or of an HMAC secret'
            cand --curve 'The curve, where the algorithm leaves a choice (ECDH-ES, EdDSA)'
            cand --kid 'The key ID'
            cand --kid-from 'Where the key ID comes from'
            cand --use 'The value of "use", instead of sig or enc, which follows from the algorithm'
            cand --key-ops 'The value of "key_ops", which then stands instead of "use"'
            cand --into 'Add the keys to this private set, which keeps all else that is in it; its passphrase, where it has one, protects them, too'
            cand --lock-timeout 'How long to wait for another process that changes the set of --into'
            cand -o 'Write the private half to this file'
            cand --output 'Write the private half to this file'
            cand -p 'Write the public half to this file, as a JWK Set'
            cand --public 'Write the public half to this file, as a JWK Set'
            cand --to 'The form to write'
            cand --at 'The time of making, instead of now'
            cand --passphrase-file 'Read the passphrase of protected keys from this file, or - for standard input; asked for on a terminal unless told'
            cand --passphrase-fd 'Read it from this file descriptor'
            cand --no-input 'Never ask; a question that needs an answer is an error'
            cand --set 'Wrap the result in a JWK Set, also when it is one key'
            cand --force 'Replace existing files'
            cand --encrypt 'Protect the private half with a passphrase: a JWE as in RFC 7517 section 7, or encrypted PKCS #8'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jwks;inspect'= {
            cand --color 'When to colour what is shown'
            cand --fail-on 'Exit with 1 when there is a finding of this severity or worse'
            cand --ignore 'Leave out the findings of a rule, everywhere or on the key of one kid'
            cand --known-keys 'Keys that are known to others: a file with SHA-256 thumbprints, or a key set'
            cand --format 'The form of the report'
            cand --at 'The time to go by, instead of now'
            cand --cacert 'Trust the certificate authorities in this PEM file, besides the platform''s'
            cand --timeout 'Longest time for a source, with discovery, redirects and retries'
            cand --retries 'How often to try again after 429, a fault of the server, or no connection'
            cand --header 'Send a header; ''@FILE'' as its value takes the value from a file'
            cand --set-limit 'Longest key set that is read, in bytes'
            cand --no-input 'Never ask; a question that needs an answer is an error'
            cand --published 'Apply the rules for sets that anyone can read; implied for URLs'
            cand --thorough 'Examine the numbers of every key, however many there are and however long it takes'
            cand --rules 'List the rules, with their reasons, and do nothing else'
            cand --allow-http 'Fetch over plain http from anywhere, and not from this machine alone'
            cand --no-cache 'Neither use nor fill the cache'
            cand --offline 'Ask no server; use what is in the cache while it holds, and fail without'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jwks;fetch'= {
            cand --color 'When to colour what is shown'
            cand --kid 'Print only the key with this kid, as a JWK'
            cand -o 'Write to this file, whole or not at all'
            cand --output 'Write to this file, whole or not at all'
            cand --diff 'Print what has changed since this set, and not the set: a file, a URL, or - for standard input'
            cand --format 'The form in which --diff prints'
            cand --watch 'Ask again and again, about so often, and print a line of JSON for each key that appears, changes or goes'
            cand --max-age 'Use an answer of the cache only while it is younger'
            cand --cacert 'Trust the certificate authorities in this PEM file, besides the platform''s'
            cand --timeout 'Longest time for a source, with discovery, redirects and retries'
            cand --retries 'How often to try again after 429, a fault of the server, or no connection'
            cand --header 'Send a header; ''@FILE'' as its value takes the value from a file'
            cand --set-limit 'Longest key set that is read, in bytes'
            cand --no-input 'Never ask; a question that needs an answer is an error'
            cand --force 'Replace the file of --output'
            cand --normalize 'Print the keys in the order of their kids, and their members in that of their names'
            cand --clear-cache 'Forget every answer in the cache'
            cand --allow-http 'Fetch over plain http from anywhere, and not from this machine alone'
            cand --no-cache 'Neither use nor fill the cache'
            cand --offline 'Ask no server; use what is in the cache while it holds, and fail without'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jwks;verify'= {
            cand --color 'When to colour what is shown'
            cand --jwks 'The keys: a file, a URL, or - for standard input'
            cand --issuer 'Take the keys of this issuer, by discovery, and demand that the token be from it'
            cand --alg 'Accept this algorithm alone; repeat it for several'
            cand --iss 'Demand this issuer'
            cand --aud 'Demand this audience; repeat it when any of several will do'
            cand --sub 'Demand this subject'
            cand --typ 'Demand this type in the header ("at+jwt", "dpop+jwt", …)'
            cand --require 'Demand that a claim be there'
            cand --claim 'Demand a value of a claim: NAME=TEXT, or NAME:=JSON'
            cand --max-age 'Demand that the token was issued (iat) at most so long ago'
            cand --leeway 'Tolerate clocks that differ by so much'
            cand --detached 'The content that travels beside the token; its signature alone is checked'
            cand --format 'The form of the report'
            cand --at 'The time to go by, instead of now'
            cand --token-limit 'Longest token that is read, in bytes'
            cand --summary 'Write the summary to this file too, as JSON'
            cand --jobs 'Threads that verify; as many as there are processors unless told otherwise'
            cand --merge-summaries 'Add up the summaries in these files, of the parts of a log, and print the sum'
            cand --cacert 'Trust the certificate authorities in this PEM file, besides the platform''s'
            cand --timeout 'Longest time for a source, with discovery, redirects and retries'
            cand --retries 'How often to try again after 429, a fault of the server, or no connection'
            cand --header 'Send a header; ''@FILE'' as its value takes the value from a file'
            cand --set-limit 'Longest key set that is read, in bytes'
            cand --no-input 'Never ask; a question that needs an answer is an error'
            cand --signature-only 'Check the signature alone; the payload is printed as it is'
            cand --explain 'Tell each check, passed or not'
            cand --batch 'Check a token on each line of the file TOKEN, or of standard input, and print a record for each'
            cand --id-field 'Lines are an ID, a tab and a token, and records repeat the ID'
            cand --claims 'Add the claims of valid tokens to their records'
            cand --exit-zero 'Succeed whatever the tokens are; what cannot be read or written is an error still'
            cand --allow-http 'Fetch over plain http from anywhere, and not from this machine alone'
            cand --no-cache 'Neither use nor fill the cache'
            cand --offline 'Ask no server; use what is in the cache while it holds, and fail without'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jwks;sign'= {
            cand --color 'When to colour what is shown'
            cand --jwks 'The private keys: a file, or - for standard input'
            cand --kid 'Sign with this key, and not with the active one'
            cand --alg 'Sign with this algorithm, when the key or the set leaves a choice'
            cand --claims 'Start from the claims in this file, or - for standard input'
            cand --iss 'Issuer'
            cand --sub 'Subject'
            cand --aud 'Audience; repeat it for several'
            cand --jti 'ID of the token'
            cand --exp 'Expiration time, or none [default: +15m]'
            cand --nbf 'Time before which the token does not hold'
            cand --iat 'Time of issue, or none [default: now]'
            cand --claim 'Set a claim: NAME=TEXT, or NAME:=JSON'
            cand --typ 'Type of the token, in the header'
            cand --header 'Set a header parameter: NAME=TEXT, or NAME:=JSON'
            cand --at 'The time to go by, instead of now'
            cand --passphrase-file 'Read the passphrase of protected keys from this file, or - for standard input; asked for on a terminal unless told'
            cand --passphrase-fd 'Read it from this file descriptor'
            cand --no-input 'Never ask; a question that needs an answer is an error'
            cand --force 'Sign also with a key that is pending, retiring or revoked, or a secret that is too short'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jwks;rotate'= {
            cand --color 'When to colour what is shown'
            cand -p 'Write the published set to this file, whenever it differs; it should be the live one, from which a later call sees what consumers could know'
            cand --public 'Write the published set to this file, whenever it differs; it should be the live one, from which a later call sees what consumers could know'
            cand --cache-ttl 'How long consumers may cache the published set'
            cand --token-lifetime 'The longest lifetime of a token'
            cand --margin 'Delay of publishing, lag of signers and difference of clocks, together'
            cand --every 'Rotate only when the active key has been in use that long; else say when, and leave the file byte for byte'
            cand --alg 'The algorithm of the new key, and of the standby that is kept with --standby; one of the active algorithm stays for an emergency until the new key has taken over'
            cand --active 'Of several keys without dates, the one that is in use; the last one unless told'
            cand --revoke 'Withdraw this key for good, now'
            cand --reason 'Why it is withdrawn'
            cand --lock-timeout 'How long to wait while another process changes the file'
            cand --format 'The form of the report'
            cand --at 'The time to go by, instead of now'
            cand --passphrase-file 'Read the passphrase of protected keys from this file, or - for standard input; asked for on a terminal unless told'
            cand --passphrase-fd 'Read it from this file descriptor'
            cand --no-input 'Never ask; a question that needs an answer is an error'
            cand --force 'Start a rotation also while one is under way: its key takes over as planned, the new one after it; publish different keys of one kid; and, also with --revoke, replace a published set in which no key is known'
            cand --standby 'Keep one more key published that signs only when it is needed'
            cand -y 'Revoke without asking for the kid to be typed'
            cand --yes 'Revoke without asking for the kid to be typed'
            cand --backup 'Keep the private file as it was under a name with the time: FILE.20300131T120000Z.bak'
            cand --dry-run 'Show what would be done, with all warnings, and write nothing'
            cand --json 'The same as --format json'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jwks;convert'= {
            cand --color 'When to colour what is shown'
            cand --to 'The form to write'
            cand --from 'How the sources spell their keys'
            cand -o 'Write to this file, whole or not at all'
            cand --output 'Write to this file, whole or not at all'
            cand --only 'Only the key of this kid; repeat it for several'
            cand --without 'Not the key of this kid; repeat it for several'
            cand --at 'The time to go by for --active and --kid-from date, instead of now'
            cand --kid 'Name the one key so'
            cand --kid-from 'Name every key anew; keys of forms without names get their thumbprint unless told'
            cand --alg 'Set \"alg\"'
            cand --use 'Set \"use\", and take \"key_ops\" out'
            cand --key-ops 'Set \"key_ops\", and take \"use\" out'
            cand --sort 'Put the keys in this order'
            cand --passphrase-file 'Read the passphrase of protected keys from this file, or - for standard input; asked for on a terminal unless told'
            cand --passphrase-fd 'Read it from this file descriptor'
            cand --new-passphrase-file 'Read the passphrase for --encrypt from this file, or - for standard input; that of the source unless told'
            cand --new-passphrase-fd 'Read it from this file descriptor'
            cand --cacert 'Trust the certificate authorities in this PEM file, besides the platform''s'
            cand --timeout 'Longest time for a source, with discovery, redirects and retries'
            cand --retries 'How often to try again after 429, a fault of the server, or no connection'
            cand --header 'Send a header; ''@FILE'' as its value takes the value from a file'
            cand --set-limit 'Longest key set that is read, in bytes'
            cand --no-input 'Never ask; a question that needs an answer is an error'
            cand --force 'Replace an existing file; write a private key for OpenSSH, or the hash of a secret'
            cand --public 'Leave the private halves out'
            cand --traditional 'PKCS #1 and SEC 1 instead of PKCS #8, for --to pem and der'
            cand --encrypt 'Protect what is written with a passphrase'
            cand --x5c 'Keep the certificates of keys, as x5c, x5t and x5t#S256'
            cand --active 'Only the keys that are active: those that `jwks sign` takes'
            cand --allow-http 'Fetch over plain http from anywhere, and not from this machine alone'
            cand --no-cache 'Neither use nor fill the cache'
            cand --offline 'Ask no server; use what is in the cache while it holds, and fail without'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jwks;diff'= {
            cand --color 'When to colour what is shown'
            cand --format 'The form of the report'
            cand --cacert 'Trust the certificate authorities in this PEM file, besides the platform''s'
            cand --timeout 'Longest time for a source, with discovery, redirects and retries'
            cand --retries 'How often to try again after 429, a fault of the server, or no connection'
            cand --header 'Send a header; ''@FILE'' as its value takes the value from a file'
            cand --set-limit 'Longest key set that is read, in bytes'
            cand --no-input 'Never ask; a question that needs an answer is an error'
            cand --allow-http 'Fetch over plain http from anywhere, and not from this machine alone'
            cand --no-cache 'Neither use nor fill the cache'
            cand --offline 'Ask no server; use what is in the cache while it holds, and fail without'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jwks;completions'= {
            cand --color 'When to colour what is shown'
            cand --no-input 'Never ask; a question that needs an answer is an error'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
        }
        &'jwks;help'= {
            cand generate 'Make keys'
            cand inspect 'Say what keys, sets and tokens are, and what is wrong with them'
            cand fetch 'Fetch a key set from its URL or its issuer'
            cand verify 'Check a token, or a log of them, and say why they fail'
            cand sign 'Mint a token with the active key'
            cand rotate 'Start a key rotation, or revoke a key'
            cand convert 'Read keys in any form, and write them in another'
            cand diff 'Tell what changed between two key sets'
            cand completions 'Print a completion script for a shell'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'jwks;help;generate'= {
        }
        &'jwks;help;inspect'= {
        }
        &'jwks;help;fetch'= {
        }
        &'jwks;help;verify'= {
        }
        &'jwks;help;sign'= {
        }
        &'jwks;help;rotate'= {
        }
        &'jwks;help;convert'= {
        }
        &'jwks;help;diff'= {
        }
        &'jwks;help;completions'= {
        }
        &'jwks;help;help'= {
        }
    ]
    $completions[$command]
}

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
