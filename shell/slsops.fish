# Completion for fish. All it knows it asks of slsops.

function __slsops_complete
    set -l words (commandline -opc)
    set -l answer (slsops complete fish $words[2..] (commandline -ct) 2>/dev/null </dev/null)
    if test "$answer[1]" = file
        __fish_complete_path (commandline -ct)
    else if set -q answer[2]
        printf '%s\n' $answer[2..]
    end
end

complete -c slsops -f -a '(__slsops_complete)'
