import { megabyte } from '../models/megabyte.js';
import type { Settings } from '../settings/settings.js';
import { python } from './python.js';

/** The classes of a MEGABYTE: a model from patch to patch, and one within each. */
export function megabyteClass(settings: Settings): string {
  const {
    patchSize: P,
    patches: K,
    channels: C,
    global,
    local,
    dropout,
  } = megabyte.sizesOf(settings, 2);
  const attended = [
    'q, k, v',
    'is_causal=True',
    ...(dropout > 0 ? [`dropout_p=${dropout} if self.training else 0.0`] : []),
  ];
  const y = dropout > 0 ? `F.dropout(y, ${dropout}, self.training)` : 'y';
  return python(
    'class Block(nn.Module):',
    '    def __init__(self, width, heads, hidden):',
    '        super().__init__()',
    '        self.heads = heads',
    '        self.query, self.key, self.value, self.out = (nn.Linear(width, width, bias=False) for _ in range(4))',
    '        self.norm1, self.norm2 = nn.LayerNorm(width), nn.LayerNorm(width)',
    '        self.up, self.down = nn.Linear(width, hidden), nn.Linear(hidden, width)',
    '',
    '    def forward(self, x):',
    '        h = self.norm1(x)',
    '        parts = self.query(h), self.key(h), self.value(h)',
    '        q, k, v = (part.unflatten(-1, (self.heads, -1)).transpose(1, 2) for part in parts)  # [B, heads, T, d]',
    `        y = F.scaled_dot_product_attention(${attended.join(', ')})`,
    '        x = x + self.out(y.transpose(1, 2).flatten(2))',
    '        y = self.down(F.gelu(self.up(self.norm2(x))))',
    `        return x + ${y}`,
    '',
    '',
    'class Level(nn.Module):',
    '    def __init__(self, channels, positions, width, layers, heads, hidden):',
    '        super().__init__()',
    '        self.embedding = nn.Embedding(V, channels)',
    '        self.position_embedding = nn.Embedding(positions, channels)',
    '        self.blocks = nn.Sequential(*(Block(width, heads, hidden) for _ in range(layers)))',
    '        self.norm = nn.LayerNorm(width)',
    '',
    '    def embed(self, tokens):  # [N, T]',
    '        return self.embedding(tokens) + self.position_embedding.weight[: tokens.shape[1]]',
    '',
    '    def forward(self, x):',
    '        return self.norm(self.blocks(x))',
    '',
    '',
    'class Megabyte(nn.Module):',
    '    def __init__(self):',
    '        super().__init__()',
    `        self.outer = Level(${C}, ${P * K}, ${P * C}, ${levelOf(global)})  # reads patches of ${P}`,
    `        self.inner = Level(${C}, ${P}, ${C}, ${levelOf(local)})  # reads the tokens of each`,
    `        self.head = nn.Linear(${C}, V, bias=False)`,
    '',
    '    def forward(self, tokens):  # [B, T]',
    '        B, T = tokens.shape',
    `        before = F.pad(tokens[:, : T - ${P - 1}], (${P - 1}, 0))  # a patch sees those before it, and its first token`,
    `        patches = self.outer(self.outer.embed(before).view(B, T // ${P}, ${P * C}))  # [B, K, P C]`,
    `        within = F.pad(tokens.view(-1, ${P})[:, 1:], (1, 0))  # [B K, P]`,
    `        x = self.inner(self.inner.embed(within) + patches.reshape(-1, ${P}, ${C}))`,
    settings.examples === 'lines'
      ? '        return self.head(x).view(B, T, V)[:, -1]  # [B, V]'
      : '        return self.head(x).view(B, T, V)  # [B, T, V]',
  );
}

const levelOf = ({
  layers,
  heads,
  hidden,
}: ReturnType<typeof megabyte.sizesOf>['global']): string =>
  `layers=${layers}, heads=${heads}, hidden=${hidden}`;
