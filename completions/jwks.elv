
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
            cand -h 'Print help: -h in short, --help in full'
            cand --help 'Print help: -h in short, --help in full'
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
            cand help 'Tell all about a command or a topic'
        }
        &'jwks;generate'= {
            cand -a 'The algorithm of the key; repeat it for several keys'
            cand --alg 'The algorithm of the key; repeat it for several keys'
            cand --count 'How many keys to make for each algorithm'
            cand --size 'Size in bits, for RSA and HMAC'
            cand --curve 'The curve, where the algorithm leaves a choice (ECDH-ES, EdDSA)'
            cand --kid 'The key ID'
            cand --kid-from 'Where the key ID comes from, instead of the thumbprint'
            cand --use 'The value of "use", instead of sig or enc, which follows from the algorithm'
            cand --key-ops 'The value of "key_ops", which then stands instead of "use"'
            cand --into 'Add the keys to this private set'
            cand --lock-timeout 'How long to wait for another process that changes the set of --into'
            cand -o 'Write the private half to this file'
            cand --output 'Write the private half to this file'
            cand -p 'Write the public half to this file, as a JWK Set'
            cand --public 'Write the public half to this file, as a JWK Set'
            cand --to 'The form to write'
            cand --at 'The time of making, instead of now'
            cand --passphrase-file 'Read the passphrase of protected keys from this file, or - for standard input'
            cand --passphrase-fd 'Read it from this file descriptor'
            cand --color 'When to colour what is shown'
            cand --set 'Wrap the result in a JWK Set, also when it is one key'
            cand --force 'Replace existing files'
            cand --encrypt 'Protect the private half with a passphrase'
            cand --no-input 'Never ask; a question that needs an answer is an error'
            cand -h 'Print help: -h in short, --help in full'
            cand --help 'Print help: -h in short, --help in full'
        }
        &'jwks;inspect'= {
            cand --fail-on 'Exit with 1 when there is a finding of this severity or worse'
            cand --only 'Report the findings of this rule alone; may be given again'
            cand --ignore 'Leave out the findings of a rule, everywhere or on the key of one kid'
            cand --known-keys 'Keys that are known to others: a file with SHA-256 thumbprints, or a key set'
            cand --format 'text, json, sarif, junit, github or gitlab'
            cand --at 'The time to go by, instead of now'
            cand --cacert 'Trust the certificate authorities in this PEM file, besides the platform''s'
            cand --timeout 'Longest time for a source, with discovery, redirects and retries'
            cand --retries 'How often to try again after 429, a fault of the server, or no connection'
            cand --header 'Send a header; ''@FILE'' as its value takes the value from a file'
            cand --set-limit 'Longest key set that is read, in bytes'
            cand --color 'When to colour what is shown'
            cand --published 'Apply the rules for sets that anyone can read; implied for URLs'
            cand --thorough 'Examine the numbers of every key, however long it takes'
            cand --rules 'List the rules, with their reasons, and do nothing else'
            cand --allow-http 'Fetch over plain http from anywhere, and not from this machine alone'
            cand --no-cache 'Neither use nor fill the cache'
            cand --offline 'Ask no server; use what is in the cache while it holds, and fail without'
            cand --no-input 'Never ask; a question that needs an answer is an error'
            cand -h 'Print help: -h in short, --help in full'
            cand --help 'Print help: -h in short, --help in full'
        }
        &'jwks;fetch'= {
            cand --kid 'Print only the key with this kid, as a JWK'
            cand -o 'Write to this file, whole or not at all'
            cand --output 'Write to this file, whole or not at all'
            cand --diff 'Print what has changed since this set, and not the set'
            cand --format 'The form in which --diff prints'
            cand --watch 'Ask on and on; print a line of JSON for each change'
            cand --max-age 'Use an answer of the cache only while it is younger'
            cand --cacert 'Trust the certificate authorities in this PEM file, besides the platform''s'
            cand --timeout 'Longest time for a source, with discovery, redirects and retries'
            cand --retries 'How often to try again after 429, a fault of the server, or no connection'
            cand --header 'Send a header; ''@FILE'' as its value takes the value from a file'
            cand --set-limit 'Longest key set that is read, in bytes'
            cand --color 'When to colour what is shown'
            cand --force 'Replace the file of --output'
            cand --normalize 'Order keys by kid, and members by name'
            cand --clear-cache 'Forget every answer in the cache'
            cand --allow-http 'Fetch over plain http from anywhere, and not from this machine alone'
            cand --no-cache 'Neither use nor fill the cache'
            cand --offline 'Ask no server; use what is in the cache while it holds, and fail without'
            cand --no-input 'Never ask; a question that needs an answer is an error'
            cand -h 'Print help: -h in short, --help in full'
            cand --help 'Print help: -h in short, --help in full'
        }
        &'jwks;verify'= {
            cand --jwks 'The keys: a file, a URL, or - for standard input'
            cand --issuer 'Take the keys of this issuer, by discovery'
            cand --alg 'Accept this algorithm alone; repeat it for several'
            cand --iss 'Demand this issuer'
            cand --aud 'Demand this audience'
            cand --sub 'Demand this subject'
            cand --typ 'Demand this type in the header: "at+jwt", "dpop+jwt" and the like'
            cand --require 'Demand that a claim be there'
            cand --claim 'Demand a value of a claim: NAME=TEXT, or NAME:=JSON'
            cand --max-age 'Demand that the token was issued (iat) at most so long ago'
            cand --leeway 'Tolerate clocks that differ by so much'
            cand --at 'The time to go by, instead of now'
            cand --detached 'The content that travels beside the token; its signature alone is checked'
            cand --token-limit 'Longest token that is read, in bytes'
            cand --summary 'Write the summary to this file too, as JSON'
            cand --jobs 'Threads that verify; as many as there are processors unless told otherwise'
            cand --merge-summaries 'Add up the summaries in these files, of the parts of a log, and print the sum'
            cand --format 'The form of the report'
            cand --cacert 'Trust the certificate authorities in this PEM file, besides the platform''s'
            cand --timeout 'Longest time for a source, with discovery, redirects and retries'
            cand --retries 'How often to try again after 429, a fault of the server, or no connection'
            cand --header 'Send a header; ''@FILE'' as its value takes the value from a file'
            cand --set-limit 'Longest key set that is read, in bytes'
            cand --color 'When to colour what is shown'
            cand --signature-only 'Check the signature alone; the payload is printed as it is'
            cand --batch 'Check a token on each line of the file TOKEN, or of standard input, and print a record for each'
            cand --id-field 'Lines are an ID, a tab and a token, and records repeat the ID'
            cand --claims 'Add the claims of valid tokens to their records'
            cand --exit-zero 'Succeed whatever the tokens are; what cannot be read or written is an error still'
            cand --explain 'Tell each check, passed or not'
            cand --allow-http 'Fetch over plain http from anywhere, and not from this machine alone'
            cand --no-cache 'Neither use nor fill the cache'
            cand --offline 'Ask no server; use what is in the cache while it holds, and fail without'
            cand --no-input 'Never ask; a question that needs an answer is an error'
            cand -h 'Print help: -h in short, --help in full'
            cand --help 'Print help: -h in short, --help in full'
        }
        &'jwks;sign'= {
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
            cand --passphrase-file 'Read the passphrase of protected keys from this file, or - for standard input'
            cand --passphrase-fd 'Read it from this file descriptor'
            cand --color 'When to colour what is shown'
            cand --force 'Sign also with a key that is pending, retiring, revoked or weak'
            cand --no-input 'Never ask; a question that needs an answer is an error'
            cand -h 'Print help: -h in short, --help in full'
            cand --help 'Print help: -h in short, --help in full'
        }
        &'jwks;rotate'= {
            cand -p 'Write the published set to this file, whenever it differs'
            cand --public 'Write the published set to this file, whenever it differs'
            cand --cache-ttl 'Life of copies of the set'
            cand --token-lifetime 'Longest lifetime of a token'
            cand --margin 'Delay of publishing, lag of signers and difference of clocks, together'
            cand --every 'Rotate only when the key is that old'
            cand --alg 'The algorithm of the new key'
            cand --active 'Of several keys without dates, the one that is in use; the last one unless told'
            cand --revoke 'Withdraw this key for good, now'
            cand --reason 'Why: unspecified, compromised or superseded'
            cand --lock-timeout 'How long to wait while another process changes the file'
            cand --format 'The form of the report'
            cand --at 'The time to go by, instead of now'
            cand --passphrase-file 'Read the passphrase of protected keys from this file, or - for standard input'
            cand --passphrase-fd 'Read it from this file descriptor'
            cand --color 'When to colour what is shown'
            cand --force 'Start a rotation also while one is under way'
            cand --standby 'Keep one more key published, in reserve'
            cand -y 'Revoke without asking for the kid to be typed'
            cand --yes 'Revoke without asking for the kid to be typed'
            cand --backup 'Keep the private file as it was under a name with the time'
            cand --dry-run 'Show what would be done, and write nothing'
            cand --json 'The same as --format json'
            cand --no-input 'Never ask; a question that needs an answer is an error'
            cand -h 'Print help: -h in short, --help in full'
            cand --help 'Print help: -h in short, --help in full'
        }
        &'jwks;convert'= {
            cand --to 'jwks, jwk, pem, der, ssh, thumbprint or spki-hash'
            cand --from 'How the sources spell their keys'
            cand -o 'Write to this file, whole or not at all'
            cand --output 'Write to this file, whole or not at all'
            cand --lock-timeout 'How long to wait for another process that changes the file of --output'
            cand --only 'Only the key of this kid; repeat it for several'
            cand --without 'Not the key of this kid; repeat it for several'
            cand --at 'The time to go by for --public, --active and --kid-from date, instead of now'
            cand --kid 'Name the one key so'
            cand --kid-from 'Name every key anew'
            cand --alg 'Set "alg"'
            cand --use 'Set "use", and take "key_ops" out'
            cand --key-ops 'Set "key_ops", and take "use" out'
            cand --sort 'Put the keys in this order'
            cand --passphrase-file 'Read the passphrase of protected keys from this file, or - for standard input'
            cand --passphrase-fd 'Read it from this file descriptor'
            cand --new-passphrase-file 'Read the passphrase for --encrypt from this file, or - for standard input'
            cand --new-passphrase-fd 'Read it from this file descriptor'
            cand --cacert 'Trust the certificate authorities in this PEM file, besides the platform''s'
            cand --timeout 'Longest time for a source, with discovery, redirects and retries'
            cand --retries 'How often to try again after 429, a fault of the server, or no connection'
            cand --header 'Send a header; ''@FILE'' as its value takes the value from a file'
            cand --set-limit 'Longest key set that is read, in bytes'
            cand --color 'When to colour what is shown'
            cand --force 'Replace an existing file'
            cand --public 'Leave the private halves out, and what is to be seen no more'
            cand --traditional 'PKCS #1 and SEC 1 instead of PKCS #8, for --to pem and der'
            cand --encrypt 'Protect what is written with a passphrase'
            cand --x5c 'Keep the certificates of keys, as x5c, x5t and x5t#S256'
            cand --active 'Only the keys that `jwks sign` takes'
            cand --allow-http 'Fetch over plain http from anywhere, and not from this machine alone'
            cand --no-cache 'Neither use nor fill the cache'
            cand --offline 'Ask no server; use what is in the cache while it holds, and fail without'
            cand --no-input 'Never ask; a question that needs an answer is an error'
            cand -h 'Print help: -h in short, --help in full'
            cand --help 'Print help: -h in short, --help in full'
        }
        &'jwks;diff'= {
            cand --format 'The form of the report'
            cand --cacert 'Trust the certificate authorities in this PEM file, besides the platform''s'
            cand --timeout 'Longest time for a source, with discovery, redirects and retries'
            cand --retries 'How often to try again after 429, a fault of the server, or no connection'
            cand --header 'Send a header; ''@FILE'' as its value takes the value from a file'
            cand --set-limit 'Longest key set that is read, in bytes'
            cand --color 'When to colour what is shown'
            cand --allow-http 'Fetch over plain http from anywhere, and not from this machine alone'
            cand --no-cache 'Neither use nor fill the cache'
            cand --offline 'Ask no server; use what is in the cache while it holds, and fail without'
            cand --no-input 'Never ask; a question that needs an answer is an error'
            cand -h 'Print help: -h in short, --help in full'
            cand --help 'Print help: -h in short, --help in full'
        }
        &'jwks;completions'= {
            cand --color 'When to colour what is shown'
            cand --no-input 'Never ask; a question that needs an answer is an error'
            cand -h 'Print help: -h in short, --help in full'
            cand --help 'Print help: -h in short, --help in full'
        }
        &'jwks;help'= {
            cand --color 'When to colour what is shown'
            cand --no-input 'Never ask; a question that needs an answer is an error'
            cand -h 'Print help: -h in short, --help in full'
            cand --help 'Print help: -h in short, --help in full'
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
