// Writes the schema of Block Kit, in the form that bot/slack/slacktest/schema.go
// reads, to stdout: npm install && npm start
const path = require('path');
const ts = require('typescript');

const dir = path.dirname(require.resolve('@slack/types/package.json'));
const { version, license } = require('@slack/types/package.json');
const file = (name) => path.join(dir, 'dist', name);
const program = ts.createProgram([file('block-kit/blocks.d.ts'), file('views.d.ts')], { strict: true, skipLibCheck: true });
const checker = program.getTypeChecker();
const known = find('block-kit/blocks.d.ts', 'KnownBlock');
const objects = new Map(); // name to lines
const unions = new Map();
const names = new Map(); // type to name

function find(name, declared) {
  let type;
  program.getSourceFile(file(name)).forEachChild((n) => {
    if (n.name && n.name.text === declared) type = checker.getTypeAtLocation(n.name);
  });
  return type;
}

// expr writes a type; where names a type that has no name of its own.
function expr(type, where) {
  if (type.flags & ts.TypeFlags.StringLiteral) return `'${type.value}'`;
  if (type.flags & ts.TypeFlags.NumberLiteral) return String(type.value);
  if (type.flags & ts.TypeFlags.String) return 'string';
  if (type.flags & ts.TypeFlags.Number) return 'number';
  if (type.flags & (ts.TypeFlags.Boolean | ts.TypeFlags.BooleanLiteral)) return 'boolean';
  if (checker.isArrayType(type) || checker.isTupleType(type)) return `[]${paren(expr(checker.getTypeArguments(type)[0], where))}`;
  if (type.aliasSymbol && type.aliasSymbol.name === 'AnyBlock') return expr(known, where);
  if (type.isUnion()) {
    const parts = type.types.filter((t) => !(t.flags & ts.TypeFlags.Undefined));
    const alias = type.aliasSymbol && parts.every((t) => t.flags & ts.TypeFlags.Object || t.isIntersection()) && type.aliasSymbol.name;
    if (alias && !unions.has(alias)) {
      unions.set(alias, '');
      unions.set(alias, parts.map((t, i) => expr(t, `${alias}.${i + 1}`)).join(' | '));
    }
    return alias || [...new Set(parts.map((t) => expr(t, where)))].sort().join(' | ');
  }
  return object(type, where);
}

const paren = (s) => (s.includes('|') ? `(${s})` : s);

function object(type, where) {
  if (names.has(type)) return names.get(type);
  // Images are the only intersections: an address or a file, in a block or not.
  const own = type.isIntersection()
    ? ['Image', ...type.types.map((t) => t.symbol.name).filter((n) => !n.startsWith('__'))].join('&')
    : type.symbol && type.symbol.name;
  if (own && own.startsWith('__') && !checker.getPropertiesOfType(type).length) return 'any';
  const name = own && !own.startsWith('__') ? own : where;
  names.set(type, name);
  const lines = [];
  objects.set(name, lines);
  for (const p of checker.getPropertiesOfType(type)) {
    const optional = p.flags & ts.SymbolFlags.Optional ? '?' : '';
    lines.push(`\t${p.name}${optional} ${field(checker.getTypeOfSymbol(p), `${name}.${p.name}`)}`);
  }
  lines.sort();
  return name;
}

function field(type, where) {
  if (type.flags & ts.TypeFlags.Never) return 'never';
  const parts = type.isUnion() ? type.types.filter((t) => !(t.flags & ts.TypeFlags.Undefined)) : [type];
  return parts.length === 1 ? expr(parts[0], where) : expr(type, where);
}

expr(known, '');
expr(find('views.d.ts', 'HomeView'), '');
expr(find('views.d.ts', 'ModalView'), '');
const by = ([a], [b]) => (a < b ? -1 : 1);
console.log(`# Block Kit as @slack/types ${version} (${license}, Copyright Slack Technologies, LLC) has it, written by`);
console.log('# .tools/blockkit/generate.cjs. A name and " = " is a union; a name alone is an object, with a field on each line.');
for (const [name, parts] of [...unions].sort(by)) console.log(`${name} = ${parts}`);
for (const [name, lines] of [...objects].sort(by)) console.log([name, ...lines].join('\n'));
