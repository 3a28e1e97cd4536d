# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_jwks_global_optspecs
    string join \n color= no-input h/help V/version
end

function __fish_jwks_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_jwks_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_jwks_using_subcommand
    set -l cmd (__fish_jwks_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c jwks -n "__fish_jwks_needs_command" -l color -d 'When to colour what is shown' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set; CLICOLOR_FORCE forces it'
always\t'Always'
never\t'Never'"
complete -c jwks -n "__fish_jwks_needs_command" -l no-input -d 'Never ask; a question that needs an answer is an error'
complete -c jwks -n "__fish_jwks_needs_command" -s h -l help -d 'Print help: -h in short, --help in full'
complete -c jwks -n "__fish_jwks_needs_command" -s V -l version -d 'Print version'
complete -c jwks -n "__fish_jwks_needs_command" -f -a "generate" -d 'Make keys'
complete -c jwks -n "__fish_jwks_needs_command" -f -a "inspect" -d 'Say what keys, sets and tokens are, and what is wrong with them'
complete -c jwks -n "__fish_jwks_needs_command" -f -a "fetch" -d 'Fetch a key set from its URL or its issuer'
complete -c jwks -n "__fish_jwks_needs_command" -f -a "verify" -d 'Check a token, or a log of them, and say why they fail'
complete -c jwks -n "__fish_jwks_needs_command" -f -a "sign" -d 'Mint a token with the active key'
complete -c jwks -n "__fish_jwks_needs_command" -f -a "rotate" -d 'Start a key rotation, or revoke a key'
complete -c jwks -n "__fish_jwks_needs_command" -f -a "convert" -d 'Read keys in any form, and write them in another'
complete -c jwks -n "__fish_jwks_needs_command" -f -a "diff" -d 'Tell what changed between two key sets'
complete -c jwks -n "__fish_jwks_needs_command" -f -a "completions" -d 'Print a completion script for a shell'
complete -c jwks -n "__fish_jwks_needs_command" -f -a "help" -d 'Tell all about a command or a topic'
complete -c jwks -n "__fish_jwks_using_subcommand generate" -s a -l alg -d 'The algorithm of the key; repeat it for several keys' -r -f -a "ES256\t''
Ed25519\t''
RS256\t''
PS256\t''
ES384\t''
ES512\t''
ES256K\t''
Ed448\t''
EdDSA\t''
RS384\t''
RS512\t''
PS384\t''
PS512\t''
ML-DSA-44\t''
ML-DSA-65\t''
ML-DSA-87\t''
HS256\t''
HS384\t''
HS512\t''
RSA-OAEP-256\t''
RSA-OAEP\t''
RSA-OAEP-384\t''
RSA-OAEP-512\t''
ECDH-ES\t''
ECDH-ES+A128KW\t''
ECDH-ES+A192KW\t''
ECDH-ES+A256KW\t''
A128KW\t''
A192KW\t''
A256KW\t''
A128GCMKW\t''
A192GCMKW\t''
A256GCMKW\t''
A128GCM\t''
A192GCM\t''
A256GCM\t''
A128CBC-HS256\t''
A192CBC-HS384\t''
A256CBC-HS512\t''"
complete -c jwks -n "__fish_jwks_using_subcommand generate" -l count -d 'How many keys to make for each algorithm' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand generate" -l size -d 'Size in bits, for RSA and HMAC' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand generate" -l curve -d 'The curve, where the algorithm leaves a choice (ECDH-ES, EdDSA)' -r -f -a "P-256\t''
P-384\t''
P-521\t''
secp256k1\t''
Ed25519\t''
Ed448\t''
X25519\t''
X448\t''"
complete -c jwks -n "__fish_jwks_using_subcommand generate" -l kid -d 'The key ID' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand generate" -l kid-from -d 'Where the key ID comes from, instead of the thumbprint' -r -f -a "thumbprint\t'SHA-256 thumbprint of the key (RFC 7638)'
spki\t'SHA-256 of the SubjectPublicKeyInfo, as Kubernetes does it'
uuid\t'A random UUID'
date\t'The time of making'
none\t'No kid'"
complete -c jwks -n "__fish_jwks_using_subcommand generate" -l use -d 'The value of "use", instead of sig or enc, which follows from the algorithm' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand generate" -l key-ops -d 'The value of "key_ops", which then stands instead of "use"' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand generate" -l into -d 'Add the keys to this private set' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand generate" -l lock-timeout -d 'How long to wait for another process that changes the set of --into' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand generate" -s o -l output -d 'Write the private half to this file' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand generate" -s p -l public -d 'Write the public half to this file, as a JWK Set' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand generate" -l to -d 'The form to write' -r -f -a "jwk\t'JSON: a JWK, or a JWK Set of several (RFC 7517)'
pem\t'PEM: PKCS #8, and SubjectPublicKeyInfo for the public half'
der\t'The same in binary; one key alone'"
complete -c jwks -n "__fish_jwks_using_subcommand generate" -l at -d 'The time of making, instead of now' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand generate" -l passphrase-file -d 'Read the passphrase of protected keys from this file, or - for standard input' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand generate" -l passphrase-fd -d 'Read it from this file descriptor' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand generate" -l color -d 'When to colour what is shown' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set; CLICOLOR_FORCE forces it'
always\t'Always'
never\t'Never'"
complete -c jwks -n "__fish_jwks_using_subcommand generate" -l set -d 'Wrap the result in a JWK Set, also when it is one key'
complete -c jwks -n "__fish_jwks_using_subcommand generate" -l force -d 'Replace existing files'
complete -c jwks -n "__fish_jwks_using_subcommand generate" -l encrypt -d 'Protect the private half with a passphrase'
complete -c jwks -n "__fish_jwks_using_subcommand generate" -l no-input -d 'Never ask; a question that needs an answer is an error'
complete -c jwks -n "__fish_jwks_using_subcommand generate" -s h -l help -d 'Print help: -h in short, --help in full'
complete -c jwks -n "__fish_jwks_using_subcommand inspect" -l fail-on -d 'Exit with 1 when there is a finding of this severity or worse' -r -f -a "error\t'Errors'
warning\t'Warnings and errors'
info\t'Every finding'
never\t'None'"
complete -c jwks -n "__fish_jwks_using_subcommand inspect" -l only -d 'Report the findings of this rule alone; may be given again' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand inspect" -l ignore -d 'Leave out the findings of a rule, everywhere or on the key of one kid' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand inspect" -l known-keys -d 'Keys that are known to others: a file with SHA-256 thumbprints, or a key set' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand inspect" -l format -d 'text, json, sarif, junit, github or gitlab' -r -f -a "text\t'For people'
json\t'For programs'
sarif\t'SARIF 2.1.0, which GitHub code scanning and editors show'
junit\t'JUnit XML: a suite for each source, in it a test for each rule'
github\t'Workflow commands of GitHub Actions, from which annotations are made'
gitlab\t'A Code Quality report of GitLab'"
complete -c jwks -n "__fish_jwks_using_subcommand inspect" -l at -d 'The time to go by, instead of now' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand inspect" -l cacert -d 'Trust the certificate authorities in this PEM file, besides the platform\'s' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand inspect" -l timeout -d 'Longest time for a source, with discovery, redirects and retries' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand inspect" -l retries -d 'How often to try again after 429, a fault of the server, or no connection' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand inspect" -l header -d 'Send a header; \'@FILE\' as its value takes the value from a file' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand inspect" -l set-limit -d 'Longest key set that is read, in bytes' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand inspect" -l color -d 'When to colour what is shown' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set; CLICOLOR_FORCE forces it'
always\t'Always'
never\t'Never'"
complete -c jwks -n "__fish_jwks_using_subcommand inspect" -l published -d 'Apply the rules for sets that anyone can read; implied for URLs'
complete -c jwks -n "__fish_jwks_using_subcommand inspect" -l thorough -d 'Examine the numbers of every key, however long it takes'
complete -c jwks -n "__fish_jwks_using_subcommand inspect" -l rules -d 'List the rules, with their reasons, and do nothing else'
complete -c jwks -n "__fish_jwks_using_subcommand inspect" -l allow-http -d 'Fetch over plain http from anywhere, and not from this machine alone'
complete -c jwks -n "__fish_jwks_using_subcommand inspect" -l no-cache -d 'Neither use nor fill the cache'
complete -c jwks -n "__fish_jwks_using_subcommand inspect" -l offline -d 'Ask no server; use what is in the cache while it holds, and fail without'
complete -c jwks -n "__fish_jwks_using_subcommand inspect" -l no-input -d 'Never ask; a question that needs an answer is an error'
complete -c jwks -n "__fish_jwks_using_subcommand inspect" -s h -l help -d 'Print help: -h in short, --help in full'
complete -c jwks -n "__fish_jwks_using_subcommand fetch" -l kid -d 'Print only the key with this kid, as a JWK' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand fetch" -s o -l output -d 'Write to this file, whole or not at all' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand fetch" -l diff -d 'Print what has changed since this set, and not the set' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand fetch" -l format -d 'The form in which --diff prints' -r -f -a "text\t'For people'
json\t'For programs'"
complete -c jwks -n "__fish_jwks_using_subcommand fetch" -l watch -d 'Ask on and on; print a line of JSON for each change' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand fetch" -l max-age -d 'Use an answer of the cache only while it is younger' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand fetch" -l cacert -d 'Trust the certificate authorities in this PEM file, besides the platform\'s' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand fetch" -l timeout -d 'Longest time for a source, with discovery, redirects and retries' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand fetch" -l retries -d 'How often to try again after 429, a fault of the server, or no connection' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand fetch" -l header -d 'Send a header; \'@FILE\' as its value takes the value from a file' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand fetch" -l set-limit -d 'Longest key set that is read, in bytes' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand fetch" -l color -d 'When to colour what is shown' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set; CLICOLOR_FORCE forces it'
always\t'Always'
never\t'Never'"
complete -c jwks -n "__fish_jwks_using_subcommand fetch" -l force -d 'Replace the file of --output'
complete -c jwks -n "__fish_jwks_using_subcommand fetch" -l normalize -d 'Order keys by kid, and members by name'
complete -c jwks -n "__fish_jwks_using_subcommand fetch" -l clear-cache -d 'Forget every answer in the cache'
complete -c jwks -n "__fish_jwks_using_subcommand fetch" -l allow-http -d 'Fetch over plain http from anywhere, and not from this machine alone'
complete -c jwks -n "__fish_jwks_using_subcommand fetch" -l no-cache -d 'Neither use nor fill the cache'
complete -c jwks -n "__fish_jwks_using_subcommand fetch" -l offline -d 'Ask no server; use what is in the cache while it holds, and fail without'
complete -c jwks -n "__fish_jwks_using_subcommand fetch" -l no-input -d 'Never ask; a question that needs an answer is an error'
complete -c jwks -n "__fish_jwks_using_subcommand fetch" -s h -l help -d 'Print help: -h in short, --help in full'
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l jwks -d 'The keys: a file, a URL, or - for standard input' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l issuer -d 'Take the keys of this issuer, by discovery' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l alg -d 'Accept this algorithm alone; repeat it for several' -r -f -a "ES256\t''
Ed25519\t''
RS256\t''
PS256\t''
ES384\t''
ES512\t''
ES256K\t''
Ed448\t''
EdDSA\t''
RS384\t''
RS512\t''
PS384\t''
PS512\t''
ML-DSA-44\t''
ML-DSA-65\t''
ML-DSA-87\t''
HS256\t''
HS384\t''
HS512\t''"
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l iss -d 'Demand this issuer' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l aud -d 'Demand this audience' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l sub -d 'Demand this subject' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l typ -d 'Demand this type in the header: "at+jwt", "dpop+jwt" and the like' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l require -d 'Demand that a claim be there' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l claim -d 'Demand a value of a claim: NAME=TEXT, or NAME:=JSON' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l max-age -d 'Demand that the token was issued (iat) at most so long ago' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l leeway -d 'Tolerate clocks that differ by so much' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l at -d 'The time to go by, instead of now' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l detached -d 'The content that travels beside the token; its signature alone is checked' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l token-limit -d 'Longest token that is read, in bytes' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l summary -d 'Write the summary to this file too, as JSON' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l jobs -d 'Threads that verify; as many as there are processors unless told otherwise' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l merge-summaries -d 'Add up the summaries in these files, of the parts of a log, and print the sum' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l format -d 'The form of the report' -r -f -a "text\t'For people'
json\t'For programs'"
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l cacert -d 'Trust the certificate authorities in this PEM file, besides the platform\'s' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l timeout -d 'Longest time for a source, with discovery, redirects and retries' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l retries -d 'How often to try again after 429, a fault of the server, or no connection' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l header -d 'Send a header; \'@FILE\' as its value takes the value from a file' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l set-limit -d 'Longest key set that is read, in bytes' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l color -d 'When to colour what is shown' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set; CLICOLOR_FORCE forces it'
always\t'Always'
never\t'Never'"
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l signature-only -d 'Check the signature alone; the payload is printed as it is'
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l batch -d 'Check a token on each line of the file TOKEN, or of standard input, and print a record for each'
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l id-field -d 'Lines are an ID, a tab and a token, and records repeat the ID'
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l claims -d 'Add the claims of valid tokens to their records'
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l exit-zero -d 'Succeed whatever the tokens are; what cannot be read or written is an error still'
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l explain -d 'Tell each check, passed or not'
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l allow-http -d 'Fetch over plain http from anywhere, and not from this machine alone'
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l no-cache -d 'Neither use nor fill the cache'
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l offline -d 'Ask no server; use what is in the cache while it holds, and fail without'
complete -c jwks -n "__fish_jwks_using_subcommand verify" -l no-input -d 'Never ask; a question that needs an answer is an error'
complete -c jwks -n "__fish_jwks_using_subcommand verify" -s h -l help -d 'Print help: -h in short, --help in full'
complete -c jwks -n "__fish_jwks_using_subcommand sign" -l jwks -d 'The private keys: a file, or - for standard input' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand sign" -l kid -d 'Sign with this key, and not with the active one' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand sign" -l alg -d 'Sign with this algorithm, when the key or the set leaves a choice' -r -f -a "ES256\t''
Ed25519\t''
RS256\t''
PS256\t''
ES384\t''
ES512\t''
ES256K\t''
Ed448\t''
EdDSA\t''
RS384\t''
RS512\t''
PS384\t''
PS512\t''
ML-DSA-44\t''
ML-DSA-65\t''
ML-DSA-87\t''
HS256\t''
HS384\t''
HS512\t''"
complete -c jwks -n "__fish_jwks_using_subcommand sign" -l claims -d 'Start from the claims in this file, or - for standard input' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand sign" -l iss -d 'Issuer' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand sign" -l sub -d 'Subject' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand sign" -l aud -d 'Audience; repeat it for several' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand sign" -l jti -d 'ID of the token' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand sign" -l exp -d 'Expiration time, or none [default: +15m]' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand sign" -l nbf -d 'Time before which the token does not hold' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand sign" -l iat -d 'Time of issue, or none [default: now]' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand sign" -l claim -d 'Set a claim: NAME=TEXT, or NAME:=JSON' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand sign" -l typ -d 'Type of the token, in the header' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand sign" -l header -d 'Set a header parameter: NAME=TEXT, or NAME:=JSON' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand sign" -l at -d 'The time to go by, instead of now' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand sign" -l passphrase-file -d 'Read the passphrase of protected keys from this file, or - for standard input' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand sign" -l passphrase-fd -d 'Read it from this file descriptor' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand sign" -l color -d 'When to colour what is shown' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set; CLICOLOR_FORCE forces it'
always\t'Always'
never\t'Never'"
complete -c jwks -n "__fish_jwks_using_subcommand sign" -l force -d 'Sign also with a key that is pending, retiring, revoked or weak'
complete -c jwks -n "__fish_jwks_using_subcommand sign" -l no-input -d 'Never ask; a question that needs an answer is an error'
complete -c jwks -n "__fish_jwks_using_subcommand sign" -s h -l help -d 'Print help: -h in short, --help in full'
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -s p -l public -d 'Write the published set to this file, whenever it differs' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -l cache-ttl -d 'Life of copies of the set' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -l token-lifetime -d 'Longest lifetime of a token' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -l margin -d 'Delay of publishing, lag of signers and difference of clocks, together' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -l every -d 'Rotate only when the key is that old' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -l alg -d 'The algorithm of the new key' -r -f -a "ES256\t''
Ed25519\t''
RS256\t''
PS256\t''
ES384\t''
ES512\t''
ES256K\t''
Ed448\t''
EdDSA\t''
RS384\t''
RS512\t''
PS384\t''
PS512\t''
ML-DSA-44\t''
ML-DSA-65\t''
ML-DSA-87\t''
HS256\t''
HS384\t''
HS512\t''"
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -l active -d 'Of several keys without dates, the one that is in use; the last one unless told' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -l revoke -d 'Withdraw this key for good, now' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -l reason -d 'Why: unspecified, compromised or superseded' -r -f -a "unspecified\t'Nothing is said'
compromised\t'Someone else has, or may have, the private half'
superseded\t'Another key has taken its place'"
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -l lock-timeout -d 'How long to wait while another process changes the file' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -l format -d 'The form of the report' -r -f -a "text\t'For people'
json\t'For programs'"
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -l at -d 'The time to go by, instead of now' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -l passphrase-file -d 'Read the passphrase of protected keys from this file, or - for standard input' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -l passphrase-fd -d 'Read it from this file descriptor' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -l color -d 'When to colour what is shown' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set; CLICOLOR_FORCE forces it'
always\t'Always'
never\t'Never'"
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -l force -d 'Start a rotation also while one is under way'
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -l standby -d 'Keep one more key published, in reserve'
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -s y -l yes -d 'Revoke without asking for the kid to be typed'
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -l backup -d 'Keep the private file as it was under a name with the time'
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -l dry-run -d 'Show what would be done, and write nothing'
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -l json -d 'The same as --format json'
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -l no-input -d 'Never ask; a question that needs an answer is an error'
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -s h -l help -d 'Print help: -h in short, --help in full'
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l to -d 'jwks, jwk, pem, der, ssh, thumbprint or spki-hash' -r -f -a "jwks\t'A JWK Set (RFC 7517)'
jwk\t'A JWK (RFC 7517); one key alone'
pem\t'PEM: PKCS #8 and SubjectPublicKeyInfo, a block for each key (RFC 7468)'
der\t'The same in binary; one key alone'
ssh\t'OpenSSH: a line for each public key'
thumbprint\t'The SHA-256 thumbprint of each key (RFC 7638)'
spki-hash\t'SHA-256 of each SubjectPublicKeyInfo in base64url, the kid of Kubernetes'"
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l from -d 'How the sources spell their keys' -r -f -a "auto\t'As its content tells'
raw\t'A secret: the octets of the file, every one'
hex\t'A secret in hexadecimal'
base64\t'A secret in base64 or base64url'"
complete -c jwks -n "__fish_jwks_using_subcommand convert" -s o -l output -d 'Write to this file, whole or not at all' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l lock-timeout -d 'How long to wait for another process that changes the file of --output' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l only -d 'Only the key of this kid; repeat it for several' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l without -d 'Not the key of this kid; repeat it for several' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l at -d 'The time to go by for --public, --active and --kid-from date, instead of now' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l kid -d 'Name the one key so' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l kid-from -d 'Name every key anew' -r -f -a "thumbprint\t'SHA-256 thumbprint of the key (RFC 7638)'
spki\t'SHA-256 of the SubjectPublicKeyInfo, as Kubernetes does it'
uuid\t'A random UUID'
date\t'The time of making'
none\t'No kid'"
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l alg -d 'Set "alg"' -r -f -a "ES256\t''
Ed25519\t''
RS256\t''
PS256\t''
ES384\t''
ES512\t''
ES256K\t''
Ed448\t''
EdDSA\t''
RS384\t''
RS512\t''
PS384\t''
PS512\t''
ML-DSA-44\t''
ML-DSA-65\t''
ML-DSA-87\t''
HS256\t''
HS384\t''
HS512\t''
RSA-OAEP-256\t''
RSA-OAEP\t''
RSA-OAEP-384\t''
RSA-OAEP-512\t''
ECDH-ES\t''
ECDH-ES+A128KW\t''
ECDH-ES+A192KW\t''
ECDH-ES+A256KW\t''
A128KW\t''
A192KW\t''
A256KW\t''
A128GCMKW\t''
A192GCMKW\t''
A256GCMKW\t''
A128GCM\t''
A192GCM\t''
A256GCM\t''
A128CBC-HS256\t''
A192CBC-HS384\t''
A256CBC-HS512\t''"
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l use -d 'Set "use", and take "key_ops" out' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l key-ops -d 'Set "key_ops", and take "use" out' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l sort -d 'Put the keys in this order' -r -f -a "kid\t'By kid'
alg\t'By algorithm, then by kid'
thumbprint\t'By SHA-256 thumbprint'
newest\t'The newest iat first'"
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l passphrase-file -d 'Read the passphrase of protected keys from this file, or - for standard input' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l passphrase-fd -d 'Read it from this file descriptor' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l new-passphrase-file -d 'Read the passphrase for --encrypt from this file, or - for standard input' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l new-passphrase-fd -d 'Read it from this file descriptor' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l cacert -d 'Trust the certificate authorities in this PEM file, besides the platform\'s' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l timeout -d 'Longest time for a source, with discovery, redirects and retries' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l retries -d 'How often to try again after 429, a fault of the server, or no connection' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l header -d 'Send a header; \'@FILE\' as its value takes the value from a file' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l set-limit -d 'Longest key set that is read, in bytes' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l color -d 'When to colour what is shown' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set; CLICOLOR_FORCE forces it'
always\t'Always'
never\t'Never'"
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l force -d 'Replace an existing file'
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l public -d 'Leave the private halves out, and what is to be seen no more'
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l traditional -d 'PKCS #1 and SEC 1 instead of PKCS #8, for --to pem and der'
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l encrypt -d 'Protect what is written with a passphrase'
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l x5c -d 'Keep the certificates of keys, as x5c, x5t and x5t#S256'
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l active -d 'Only the keys that `jwks sign` takes'
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l allow-http -d 'Fetch over plain http from anywhere, and not from this machine alone'
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l no-cache -d 'Neither use nor fill the cache'
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l offline -d 'Ask no server; use what is in the cache while it holds, and fail without'
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l no-input -d 'Never ask; a question that needs an answer is an error'
complete -c jwks -n "__fish_jwks_using_subcommand convert" -s h -l help -d 'Print help: -h in short, --help in full'
complete -c jwks -n "__fish_jwks_using_subcommand diff" -l format -d 'The form of the report' -r -f -a "text\t'For people'
json\t'For programs'"
complete -c jwks -n "__fish_jwks_using_subcommand diff" -l cacert -d 'Trust the certificate authorities in this PEM file, besides the platform\'s' -r -F
complete -c jwks -n "__fish_jwks_using_subcommand diff" -l timeout -d 'Longest time for a source, with discovery, redirects and retries' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand diff" -l retries -d 'How often to try again after 429, a fault of the server, or no connection' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand diff" -l header -d 'Send a header; \'@FILE\' as its value takes the value from a file' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand diff" -l set-limit -d 'Longest key set that is read, in bytes' -r -f
complete -c jwks -n "__fish_jwks_using_subcommand diff" -l color -d 'When to colour what is shown' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set; CLICOLOR_FORCE forces it'
always\t'Always'
never\t'Never'"
complete -c jwks -n "__fish_jwks_using_subcommand diff" -l allow-http -d 'Fetch over plain http from anywhere, and not from this machine alone'
complete -c jwks -n "__fish_jwks_using_subcommand diff" -l no-cache -d 'Neither use nor fill the cache'
complete -c jwks -n "__fish_jwks_using_subcommand diff" -l offline -d 'Ask no server; use what is in the cache while it holds, and fail without'
complete -c jwks -n "__fish_jwks_using_subcommand diff" -l no-input -d 'Never ask; a question that needs an answer is an error'
complete -c jwks -n "__fish_jwks_using_subcommand diff" -s h -l help -d 'Print help: -h in short, --help in full'
complete -c jwks -n "__fish_jwks_using_subcommand completions" -l color -d 'When to colour what is shown' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set; CLICOLOR_FORCE forces it'
always\t'Always'
never\t'Never'"
complete -c jwks -n "__fish_jwks_using_subcommand completions" -l no-input -d 'Never ask; a question that needs an answer is an error'
complete -c jwks -n "__fish_jwks_using_subcommand completions" -s h -l help -d 'Print help: -h in short, --help in full'
complete -c jwks -n "__fish_jwks_using_subcommand help" -l color -d 'When to colour what is shown' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set; CLICOLOR_FORCE forces it'
always\t'Always'
never\t'Never'"
complete -c jwks -n "__fish_jwks_using_subcommand help" -l no-input -d 'Never ask; a question that needs an answer is an error'
complete -c jwks -n "__fish_jwks_using_subcommand help" -s h -l help -d 'Print help: -h in short, --help in full'

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

complete -c jwks -n "__fish_jwks_using_subcommand inspect" -l only -x -a "(__fish_jwks_ask)"
complete -c jwks -n "__fish_jwks_using_subcommand inspect" -l ignore -x -a "(__fish_jwks_ask)"
complete -c jwks -n "__fish_jwks_using_subcommand fetch" -l kid -x -a "(__fish_jwks_ask)"
complete -c jwks -n "__fish_jwks_using_subcommand sign" -l kid -x -a "(__fish_jwks_ask)"
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -l active -x -a "(__fish_jwks_ask)"
complete -c jwks -n "__fish_jwks_using_subcommand rotate" -l revoke -x -a "(__fish_jwks_ask)"
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l only -x -a "(__fish_jwks_ask)"
complete -c jwks -n "__fish_jwks_using_subcommand convert" -l without -x -a "(__fish_jwks_ask)"
complete -c jwks -n "__fish_jwks_using_subcommand completions" -f -a "bash zsh fish powershell elvish nushell"
complete -c jwks -n "__fish_jwks_using_subcommand help" -f -a "generate inspect fetch verify sign rotate convert diff completions help exit-codes environment formats algorithms"
