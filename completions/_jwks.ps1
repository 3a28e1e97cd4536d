
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'jwks' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'jwks'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'jwks' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour what is shown')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a question that needs an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help: -h in short, --help in full')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help: -h in short, --help in full')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Make keys')
            [CompletionResult]::new('inspect', 'inspect', [CompletionResultType]::ParameterValue, 'Say what keys, sets and tokens are, and what is wrong with them')
            [CompletionResult]::new('fetch', 'fetch', [CompletionResultType]::ParameterValue, 'Fetch a key set from its URL or its issuer')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Check a token, or a log of them, and say why they fail')
            [CompletionResult]::new('sign', 'sign', [CompletionResultType]::ParameterValue, 'Mint a token with the active key')
            [CompletionResult]::new('rotate', 'rotate', [CompletionResultType]::ParameterValue, 'Start a key rotation, or revoke a key')
            [CompletionResult]::new('convert', 'convert', [CompletionResultType]::ParameterValue, 'Read keys in any form, and write them in another')
            [CompletionResult]::new('diff', 'diff', [CompletionResultType]::ParameterValue, 'Tell what changed between two key sets')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Print a completion script for a shell')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Tell all about a command or a topic')
            break
        }
        'jwks;generate' {
            [CompletionResult]::new('-a', '-a', [CompletionResultType]::ParameterName, 'The algorithm of the key; repeat it for several keys')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'The algorithm of the key; repeat it for several keys')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'How many keys to make for each algorithm')
            [CompletionResult]::new('--size', '--size', [CompletionResultType]::ParameterName, 'Size in bits, for RSA and HMAC')
            [CompletionResult]::new('--curve', '--curve', [CompletionResultType]::ParameterName, 'The curve, where the algorithm leaves a choice (ECDH-ES, EdDSA)')
            [CompletionResult]::new('--kid', '--kid', [CompletionResultType]::ParameterName, 'The key ID')
            [CompletionResult]::new('--kid-from', '--kid-from', [CompletionResultType]::ParameterName, 'Where the key ID comes from, instead of the thumbprint')
            [CompletionResult]::new('--use', '--use', [CompletionResultType]::ParameterName, 'The value of "use", instead of sig or enc, which follows from the algorithm')
            [CompletionResult]::new('--key-ops', '--key-ops', [CompletionResultType]::ParameterName, 'The value of "key_ops", which then stands instead of "use"')
            [CompletionResult]::new('--into', '--into', [CompletionResultType]::ParameterName, 'Add the keys to this private set')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How long to wait for another process that changes the set of --into')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write the private half to this file')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write the private half to this file')
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Write the public half to this file, as a JWK Set')
            [CompletionResult]::new('--public', '--public', [CompletionResultType]::ParameterName, 'Write the public half to this file, as a JWK Set')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The form to write')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The time of making, instead of now')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Read the passphrase of protected keys from this file, or - for standard input')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Read it from this file descriptor')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour what is shown')
            [CompletionResult]::new('--set', '--set', [CompletionResultType]::ParameterName, 'Wrap the result in a JWK Set, also when it is one key')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace existing files')
            [CompletionResult]::new('--encrypt', '--encrypt', [CompletionResultType]::ParameterName, 'Protect the private half with a passphrase')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a question that needs an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help: -h in short, --help in full')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help: -h in short, --help in full')
            break
        }
        'jwks;inspect' {
            [CompletionResult]::new('--fail-on', '--fail-on', [CompletionResultType]::ParameterName, 'Exit with 1 when there is a finding of this severity or worse')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Report the findings of this rule alone; may be given again')
            [CompletionResult]::new('--ignore', '--ignore', [CompletionResultType]::ParameterName, 'Leave out the findings of a rule, everywhere or on the key of one kid')
            [CompletionResult]::new('--known-keys', '--known-keys', [CompletionResultType]::ParameterName, 'Keys that are known to others: a file with SHA-256 thumbprints, or a key set')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'text, json, sarif, junit, github or gitlab')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The time to go by, instead of now')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in this PEM file, besides the platform''s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for a source, with discovery, redirects and retries')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again after 429, a fault of the server, or no connection')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Send a header; ''@FILE'' as its value takes the value from a file')
            [CompletionResult]::new('--set-limit', '--set-limit', [CompletionResultType]::ParameterName, 'Longest key set that is read, in bytes')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour what is shown')
            [CompletionResult]::new('--published', '--published', [CompletionResultType]::ParameterName, 'Apply the rules for sets that anyone can read; implied for URLs')
            [CompletionResult]::new('--thorough', '--thorough', [CompletionResultType]::ParameterName, 'Examine the numbers of every key, however long it takes')
            [CompletionResult]::new('--rules', '--rules', [CompletionResultType]::ParameterName, 'List the rules, with their reasons, and do nothing else')
            [CompletionResult]::new('--allow-http', '--allow-http', [CompletionResultType]::ParameterName, 'Fetch over plain http from anywhere, and not from this machine alone')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither use nor fill the cache')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no server; use what is in the cache while it holds, and fail without')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a question that needs an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help: -h in short, --help in full')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help: -h in short, --help in full')
            break
        }
        'jwks;fetch' {
            [CompletionResult]::new('--kid', '--kid', [CompletionResultType]::ParameterName, 'Print only the key with this kid, as a JWK')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to this file, whole or not at all')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to this file, whole or not at all')
            [CompletionResult]::new('--diff', '--diff', [CompletionResultType]::ParameterName, 'Print what has changed since this set, and not the set')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form in which --diff prints')
            [CompletionResult]::new('--watch', '--watch', [CompletionResultType]::ParameterName, 'Ask on and on; print a line of JSON for each change')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Use an answer of the cache only while it is younger')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in this PEM file, besides the platform''s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for a source, with discovery, redirects and retries')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again after 429, a fault of the server, or no connection')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Send a header; ''@FILE'' as its value takes the value from a file')
            [CompletionResult]::new('--set-limit', '--set-limit', [CompletionResultType]::ParameterName, 'Longest key set that is read, in bytes')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour what is shown')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace the file of --output')
            [CompletionResult]::new('--normalize', '--normalize', [CompletionResultType]::ParameterName, 'Order keys by kid, and members by name')
            [CompletionResult]::new('--clear-cache', '--clear-cache', [CompletionResultType]::ParameterName, 'Forget every answer in the cache')
            [CompletionResult]::new('--allow-http', '--allow-http', [CompletionResultType]::ParameterName, 'Fetch over plain http from anywhere, and not from this machine alone')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither use nor fill the cache')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no server; use what is in the cache while it holds, and fail without')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a question that needs an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help: -h in short, --help in full')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help: -h in short, --help in full')
            break
        }
        'jwks;verify' {
            [CompletionResult]::new('--jwks', '--jwks', [CompletionResultType]::ParameterName, 'The keys: a file, a URL, or - for standard input')
            [CompletionResult]::new('--issuer', '--issuer', [CompletionResultType]::ParameterName, 'Take the keys of this issuer, by discovery')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'Accept this algorithm alone; repeat it for several')
            [CompletionResult]::new('--iss', '--iss', [CompletionResultType]::ParameterName, 'Demand this issuer')
            [CompletionResult]::new('--aud', '--aud', [CompletionResultType]::ParameterName, 'Demand this audience')
            [CompletionResult]::new('--sub', '--sub', [CompletionResultType]::ParameterName, 'Demand this subject')
            [CompletionResult]::new('--typ', '--typ', [CompletionResultType]::ParameterName, 'Demand this type in the header: "at+jwt", "dpop+jwt" and the like')
            [CompletionResult]::new('--require', '--require', [CompletionResultType]::ParameterName, 'Demand that a claim be there')
            [CompletionResult]::new('--claim', '--claim', [CompletionResultType]::ParameterName, 'Demand a value of a claim: NAME=TEXT, or NAME:=JSON')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Demand that the token was issued (iat) at most so long ago')
            [CompletionResult]::new('--leeway', '--leeway', [CompletionResultType]::ParameterName, 'Tolerate clocks that differ by so much')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The time to go by, instead of now')
            [CompletionResult]::new('--detached', '--detached', [CompletionResultType]::ParameterName, 'The content that travels beside the token; its signature alone is checked')
            [CompletionResult]::new('--token-limit', '--token-limit', [CompletionResultType]::ParameterName, 'Longest token that is read, in bytes')
            [CompletionResult]::new('--summary', '--summary', [CompletionResultType]::ParameterName, 'Write the summary to this file too, as JSON')
            [CompletionResult]::new('--jobs', '--jobs', [CompletionResultType]::ParameterName, 'Threads that verify; as many as there are processors unless told otherwise')
            [CompletionResult]::new('--merge-summaries', '--merge-summaries', [CompletionResultType]::ParameterName, 'Add up the summaries in these files, of the parts of a log, and print the sum')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the report')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in this PEM file, besides the platform''s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for a source, with discovery, redirects and retries')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again after 429, a fault of the server, or no connection')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Send a header; ''@FILE'' as its value takes the value from a file')
            [CompletionResult]::new('--set-limit', '--set-limit', [CompletionResultType]::ParameterName, 'Longest key set that is read, in bytes')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour what is shown')
            [CompletionResult]::new('--signature-only', '--signature-only', [CompletionResultType]::ParameterName, 'Check the signature alone; the payload is printed as it is')
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'Check a token on each line of the file TOKEN, or of standard input, and print a record for each')
            [CompletionResult]::new('--id-field', '--id-field', [CompletionResultType]::ParameterName, 'Lines are an ID, a tab and a token, and records repeat the ID')
            [CompletionResult]::new('--claims', '--claims', [CompletionResultType]::ParameterName, 'Add the claims of valid tokens to their records')
            [CompletionResult]::new('--exit-zero', '--exit-zero', [CompletionResultType]::ParameterName, 'Succeed whatever the tokens are; what cannot be read or written is an error still')
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Tell each check, passed or not')
            [CompletionResult]::new('--allow-http', '--allow-http', [CompletionResultType]::ParameterName, 'Fetch over plain http from anywhere, and not from this machine alone')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither use nor fill the cache')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no server; use what is in the cache while it holds, and fail without')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a question that needs an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help: -h in short, --help in full')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help: -h in short, --help in full')
            break
        }
        'jwks;sign' {
            [CompletionResult]::new('--jwks', '--jwks', [CompletionResultType]::ParameterName, 'The private keys: a file, or - for standard input')
            [CompletionResult]::new('--kid', '--kid', [CompletionResultType]::ParameterName, 'Sign with this key, and not with the active one')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'Sign with this algorithm, when the key or the set leaves a choice')
            [CompletionResult]::new('--claims', '--claims', [CompletionResultType]::ParameterName, 'Start from the claims in this file, or - for standard input')
            [CompletionResult]::new('--iss', '--iss', [CompletionResultType]::ParameterName, 'Issuer')
            [CompletionResult]::new('--sub', '--sub', [CompletionResultType]::ParameterName, 'Subject')
            [CompletionResult]::new('--aud', '--aud', [CompletionResultType]::ParameterName, 'Audience; repeat it for several')
            [CompletionResult]::new('--jti', '--jti', [CompletionResultType]::ParameterName, 'ID of the token')
            [CompletionResult]::new('--exp', '--exp', [CompletionResultType]::ParameterName, 'Expiration time, or none [default: +15m]')
            [CompletionResult]::new('--nbf', '--nbf', [CompletionResultType]::ParameterName, 'Time before which the token does not hold')
            [CompletionResult]::new('--iat', '--iat', [CompletionResultType]::ParameterName, 'Time of issue, or none [default: now]')
            [CompletionResult]::new('--claim', '--claim', [CompletionResultType]::ParameterName, 'Set a claim: NAME=TEXT, or NAME:=JSON')
            [CompletionResult]::new('--typ', '--typ', [CompletionResultType]::ParameterName, 'Type of the token, in the header')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Set a header parameter: NAME=TEXT, or NAME:=JSON')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The time to go by, instead of now')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Read the passphrase of protected keys from this file, or - for standard input')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Read it from this file descriptor')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour what is shown')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Sign also with a key that is pending, retiring, revoked or weak')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a question that needs an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help: -h in short, --help in full')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help: -h in short, --help in full')
            break
        }
        'jwks;rotate' {
            [CompletionResult]::new('-p', '-p', [CompletionResultType]::ParameterName, 'Write the published set to this file, whenever it differs')
            [CompletionResult]::new('--public', '--public', [CompletionResultType]::ParameterName, 'Write the published set to this file, whenever it differs')
            [CompletionResult]::new('--cache-ttl', '--cache-ttl', [CompletionResultType]::ParameterName, 'Life of copies of the set')
            [CompletionResult]::new('--token-lifetime', '--token-lifetime', [CompletionResultType]::ParameterName, 'Longest lifetime of a token')
            [CompletionResult]::new('--margin', '--margin', [CompletionResultType]::ParameterName, 'Delay of publishing, lag of signers and difference of clocks, together')
            [CompletionResult]::new('--every', '--every', [CompletionResultType]::ParameterName, 'Rotate only when the key is that old')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'The algorithm of the new key')
            [CompletionResult]::new('--active', '--active', [CompletionResultType]::ParameterName, 'Of several keys without dates, the one that is in use; the last one unless told')
            [CompletionResult]::new('--revoke', '--revoke', [CompletionResultType]::ParameterName, 'Withdraw this key for good, now')
            [CompletionResult]::new('--reason', '--reason', [CompletionResultType]::ParameterName, 'Why: unspecified, compromised or superseded')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How long to wait while another process changes the file')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the report')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The time to go by, instead of now')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Read the passphrase of protected keys from this file, or - for standard input')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Read it from this file descriptor')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour what is shown')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Start a rotation also while one is under way')
            [CompletionResult]::new('--standby', '--standby', [CompletionResultType]::ParameterName, 'Keep one more key published, in reserve')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Revoke without asking for the kid to be typed')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Revoke without asking for the kid to be typed')
            [CompletionResult]::new('--backup', '--backup', [CompletionResultType]::ParameterName, 'Keep the private file as it was under a name with the time')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be done, and write nothing')
            [CompletionResult]::new('--json', '--json', [CompletionResultType]::ParameterName, 'The same as --format json')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a question that needs an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help: -h in short, --help in full')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help: -h in short, --help in full')
            break
        }
        'jwks;convert' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'jwks, jwk, pem, der, ssh, thumbprint or spki-hash')
            [CompletionResult]::new('--from', '--from', [CompletionResultType]::ParameterName, 'How the sources spell their keys')
            [CompletionResult]::new('-o', '-o', [CompletionResultType]::ParameterName, 'Write to this file, whole or not at all')
            [CompletionResult]::new('--output', '--output', [CompletionResultType]::ParameterName, 'Write to this file, whole or not at all')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'How long to wait for another process that changes the file of --output')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Only the key of this kid; repeat it for several')
            [CompletionResult]::new('--without', '--without', [CompletionResultType]::ParameterName, 'Not the key of this kid; repeat it for several')
            [CompletionResult]::new('--at', '--at', [CompletionResultType]::ParameterName, 'The time to go by for --public, --active and --kid-from date, instead of now')
            [CompletionResult]::new('--kid', '--kid', [CompletionResultType]::ParameterName, 'Name the one key so')
            [CompletionResult]::new('--kid-from', '--kid-from', [CompletionResultType]::ParameterName, 'Name every key anew')
            [CompletionResult]::new('--alg', '--alg', [CompletionResultType]::ParameterName, 'Set "alg"')
            [CompletionResult]::new('--use', '--use', [CompletionResultType]::ParameterName, 'Set "use", and take "key_ops" out')
            [CompletionResult]::new('--key-ops', '--key-ops', [CompletionResultType]::ParameterName, 'Set "key_ops", and take "use" out')
            [CompletionResult]::new('--sort', '--sort', [CompletionResultType]::ParameterName, 'Put the keys in this order')
            [CompletionResult]::new('--passphrase-file', '--passphrase-file', [CompletionResultType]::ParameterName, 'Read the passphrase of protected keys from this file, or - for standard input')
            [CompletionResult]::new('--passphrase-fd', '--passphrase-fd', [CompletionResultType]::ParameterName, 'Read it from this file descriptor')
            [CompletionResult]::new('--new-passphrase-file', '--new-passphrase-file', [CompletionResultType]::ParameterName, 'Read the passphrase for --encrypt from this file, or - for standard input')
            [CompletionResult]::new('--new-passphrase-fd', '--new-passphrase-fd', [CompletionResultType]::ParameterName, 'Read it from this file descriptor')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in this PEM file, besides the platform''s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for a source, with discovery, redirects and retries')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again after 429, a fault of the server, or no connection')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Send a header; ''@FILE'' as its value takes the value from a file')
            [CompletionResult]::new('--set-limit', '--set-limit', [CompletionResultType]::ParameterName, 'Longest key set that is read, in bytes')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour what is shown')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Replace an existing file')
            [CompletionResult]::new('--public', '--public', [CompletionResultType]::ParameterName, 'Leave the private halves out, and what is to be seen no more')
            [CompletionResult]::new('--traditional', '--traditional', [CompletionResultType]::ParameterName, 'PKCS #1 and SEC 1 instead of PKCS #8, for --to pem and der')
            [CompletionResult]::new('--encrypt', '--encrypt', [CompletionResultType]::ParameterName, 'Protect what is written with a passphrase')
            [CompletionResult]::new('--x5c', '--x5c', [CompletionResultType]::ParameterName, 'Keep the certificates of keys, as x5c, x5t and x5t#S256')
            [CompletionResult]::new('--active', '--active', [CompletionResultType]::ParameterName, 'Only the keys that `jwks sign` takes')
            [CompletionResult]::new('--allow-http', '--allow-http', [CompletionResultType]::ParameterName, 'Fetch over plain http from anywhere, and not from this machine alone')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither use nor fill the cache')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no server; use what is in the cache while it holds, and fail without')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a question that needs an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help: -h in short, --help in full')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help: -h in short, --help in full')
            break
        }
        'jwks;diff' {
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'The form of the report')
            [CompletionResult]::new('--cacert', '--cacert', [CompletionResultType]::ParameterName, 'Trust the certificate authorities in this PEM file, besides the platform''s')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'Longest time for a source, with discovery, redirects and retries')
            [CompletionResult]::new('--retries', '--retries', [CompletionResultType]::ParameterName, 'How often to try again after 429, a fault of the server, or no connection')
            [CompletionResult]::new('--header', '--header', [CompletionResultType]::ParameterName, 'Send a header; ''@FILE'' as its value takes the value from a file')
            [CompletionResult]::new('--set-limit', '--set-limit', [CompletionResultType]::ParameterName, 'Longest key set that is read, in bytes')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour what is shown')
            [CompletionResult]::new('--allow-http', '--allow-http', [CompletionResultType]::ParameterName, 'Fetch over plain http from anywhere, and not from this machine alone')
            [CompletionResult]::new('--no-cache', '--no-cache', [CompletionResultType]::ParameterName, 'Neither use nor fill the cache')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Ask no server; use what is in the cache while it holds, and fail without')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a question that needs an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help: -h in short, --help in full')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help: -h in short, --help in full')
            break
        }
        'jwks;completions' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour what is shown')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a question that needs an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help: -h in short, --help in full')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help: -h in short, --help in full')
            break
        }
        'jwks;help' {
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to colour what is shown')
            [CompletionResult]::new('--no-input', '--no-input', [CompletionResultType]::ParameterName, 'Never ask; a question that needs an answer is an error')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help: -h in short, --help in full')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help: -h in short, --help in full')
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
