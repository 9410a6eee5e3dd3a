#!/usr/bin/env python3
"""Compares the engine's builtin tables, as tests/facts/print prints them, with the copies of this directory and, where a
directory of kustomize's own is given, with those.   tables.py PRINT [DIRECTORY]

Scopes and merge keys are asked for: every API version with every kind, every definition with every field. So what the
engine knows too much is found as well as what it does not know."""
import ast
import difflib
import itertools
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
passed = failed = 0


def rows(path):
    with open(path, encoding='utf-8') as file:
        return [line.rstrip('\n').split('\t') for line in file]


def ask(program, table, questions=()):
    text = ''.join(' '.join(question) + '\n' for question in questions)
    return subprocess.run([program, table], input=text, capture_output=True, text=True, check=True).stdout.splitlines()


def pairs(table):
    return itertools.product(sorted({row[0] for row in table}), sorted({row[1] for row in table}))


def compare(name, ours, theirs):
    global passed, failed
    difference = list(difflib.unified_diff(sorted(theirs), sorted(ours), 'expected', 'built in', lineterm='', n=0))
    print(f'ok   {name}: {len(theirs)} rows' if not difference else f'FAIL {name}\n' + '\n'.join(difference))
    passed, failed = passed + (not difference), failed + bool(difference)


def compare_copies(program):
    copy = {name: rows(f'{HERE}/{name}.tsv') for name in ('field-specs', 'scopes', 'merge-keys', 'kind-order')}
    lines = {name: ['\t'.join(row) for row in table] for name, table in copy.items()}
    compare('field specs', ask(program, 'fieldspecs'), lines['field-specs'])
    compare('scopes', ask(program, 'scope', pairs(copy['scopes'])), lines['scopes'])
    compare('merge keys', ask(program, 'merge-keys', pairs(copy['merge-keys'])), lines['merge-keys'])
    kinds = {row[1] for row in copy['kind-order'] + copy['scopes']}
    compare('kind order', ask(program, 'kind-order', ((kind,) for kind in kinds)), lines['kind-order'])


def their_field_specs(table):
    """commonLabels are what labels with includeTemplates are, and more; kustomize keeps the shared part in another file."""
    names = ('group', 'version', 'kind')
    assert table[0] == ['table'] + ['referred_' + name for name in names] + list(names) + ['path', 'create'], table[0]
    specs = [row[:8] + [row[8].replace('false', '')] for row in table[1:]]
    shared = [['commonlabels'] + row[1:] for row in specs if row[0] in ('metadatalabels', 'volumeclaimmetadatalabels')]
    # api/internal/konfig/builtinpluginconsts has no such row; the program changes this field nevertheless.
    cron_job = ['images'] + [''] * 6 + ['spec/jobTemplate/spec/template/spec/volumes[]/image/reference', 'true']
    return ['\t'.join(row) for row in specs + shared + [cron_job]]


def their_merge_keys(table):
    lines = []
    for definition, field, strategy, key, keys, _, type_, _ in table[1:]:
        if 'merge' in strategy.split(',') and type_ == 'array':
            chosen = ast.literal_eval(keys) if keys != 'None' else [key] if key != 'None' else []
            lines.append(f'{definition}\t{field}\t{",".join(chosen)}')
    return lines


def compare_theirs(program, directory):
    specs, scopes, keys = (rows(f'{directory}/{name}.tsv') for name in ('fieldspecs', 'scope', 'merge-keys'))
    compare("kustomize's field specs", ask(program, 'fieldspecs'), their_field_specs(specs))
    compare("kustomize's scopes", ask(program, 'scope', pairs(scopes[1:])), ['\t'.join(row) for row in scopes[1:]])
    compare("kustomize's merge keys", ask(program, 'merge-keys', pairs(keys[1:])), their_merge_keys(keys))


compare_copies(sys.argv[1])
if len(sys.argv) > 2:
    compare_theirs(sys.argv[1], sys.argv[2])
print(f'{passed} passed, {failed} failed')
sys.exit(failed > 0)
