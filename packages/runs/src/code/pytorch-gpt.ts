import { gpt } from '../models/gpt.js';
import type { Settings } from '../settings/settings.js';
import { python } from './python.js';

/** The classes of a GPT. Names that hold embed, position or head tell Muon what isn't a hidden matrix. */
export function gptClass(settings: Settings): string {
  const config = gpt.sizesOf(settings, 2);
  const { channels: C, heads, kvHeads, layers, hidden: H, contextSize: T, bias, dropout } = config;
  const { separated, qkNorm, activation, norm, projections, tiedHead, init } = config;
  const isRotary = config.positions === 'rotary';
  const d = C / heads;
  const narrow = d * kvHeads;
  const normal =
    norm === 'rms' ? `nn.RMSNorm(${C}, eps=1e-5)` : `nn.LayerNorm(${C}${biased(bias.norm)})`;
  const isJoint = projections === 'joint';
  const inAttention = biased(bias.attention);
  const inFeedForward = biased(bias.feedForward);
  const places = `${isRotary ? ', positions' : ''}${separated ? ', seen' : ''}`;
  const isSwiglu = activation === 'swiglu';
  const active = isSwiglu
    ? 'F.silu(self.gate(x)) * self.up(x)'
    : activation === 'squared-relu'
      ? 'F.relu(self.up(x)) ** 2'
      : `F.gelu(self.up(x)${activation === 'gelu-tanh' ? ', approximate="tanh"' : ''})`;
  const attended = [
    'q, k, v',
    separated ? 'attn_mask=seen' : 'is_causal=True',
    ...(dropout.attention > 0 ? [`dropout_p=${dropout.attention} if self.training else 0.0`] : []),
    ...(kvHeads === heads ? [] : ['enable_gqa=True']),
  ];
  return python(
    isRotary &&
      python(
        'def turn(x, positions):  # [B, heads, T, d]',
        '    """Rotates the pair of channels i and i + d / 2 of each position."""',
        `    angles = positions[:, None, :, None] * 10000.0 ** (-torch.arange(0, ${d}, 2).double() / ${d})`,
        '    cos, sin = angles.cos().float(), angles.sin().float()',
        '    a, b = x.chunk(2, -1)',
        '    return torch.cat([a * cos - b * sin, b * cos + a * sin], -1)',
        '',
        '',
      ),
    'class Block(nn.Module):',
    '    def __init__(self):',
    '        super().__init__()',
    `        self.norm1 = ${normal}`,
    isJoint
      ? [`        self.qkv = nn.Linear(${C}, ${C + 2 * narrow}${inAttention})`]
      : [
          `        self.query = nn.Linear(${C}, ${C}${inAttention})`,
          `        self.key = nn.Linear(${C}, ${narrow}${inAttention})`,
          `        self.value = nn.Linear(${C}, ${narrow}${inAttention})`,
        ],
    `        self.out = nn.Linear(${C}, ${C}${inAttention})`,
    qkNorm &&
      `        self.query_norm, self.key_norm = nn.RMSNorm(${d}, eps=1e-5), nn.RMSNorm(${d}, eps=1e-5)`,
    `        self.norm2 = ${normal}`,
    isSwiglu && `        self.gate = nn.Linear(${C}, ${H}${inFeedForward})`,
    `        self.up = nn.Linear(${C}, ${H}${inFeedForward})`,
    `        self.down = nn.Linear(${H}, ${C}${inFeedForward})`,
    '',
    `    def attend(self, x${places}):  # [B, T, C]`,
    isJoint
      ? `        parts = self.qkv(x).split([${C}, ${narrow}, ${narrow}], -1)`
      : '        parts = self.query(x), self.key(x), self.value(x)',
    `        q, k, v = (part.unflatten(-1, (-1, ${d})).transpose(1, 2) for part in parts)  # [B, heads, T, d]`,
    qkNorm && '        q, k = self.query_norm(q), self.key_norm(k)',
    isRotary && '        q, k = turn(q, positions), turn(k, positions)',
    `        y = F.scaled_dot_product_attention(${attended.join(', ')})`,
    `        ${returned('self.out(y.transpose(1, 2).flatten(2))', dropout.residual)}`,
    '',
    '    def feed_forward(self, x):',
    `        ${returned(`self.down(${active})`, dropout.feedForward)}`,
    '',
    `    def forward(self, x${places}):`,
    `        x = x + self.attend(self.norm1(x)${places})`,
    '        return x + self.feed_forward(self.norm2(x))',
    '',
    '',
    'class GPT(nn.Module):',
    '    def __init__(self):',
    '        super().__init__()',
    `        self.embedding = nn.Embedding(V, ${C})`,
    !isRotary && `        self.position_embedding = nn.Embedding(${T}, ${C})`,
    `        self.blocks = nn.ModuleList(Block() for _ in range(${layers}))`,
    `        self.norm = ${normal}`,
    `        self.head = nn.Linear(${C}, V${biased(bias.head)})`,
    tiedHead && '        self.embedding.weight = self.head.weight',
    init === 'gpt-2'
      ? [
          '        for module in self.modules():  # the initial values of GPT-2',
          '            if isinstance(module, (nn.Embedding, nn.Linear)):',
          '                nn.init.normal_(module.weight, 0, 0.02)',
          ...(Object.values(bias).includes(true)
            ? [
                '                if getattr(module, "bias", None) is not None:',
                '                    nn.init.zeros_(module.bias)',
              ]
            : []),
          '        for block in self.blocks:',
          `            nn.init.normal_(block.out.weight, 0, 0.02 / math.sqrt(${2 * layers}))`,
          `            nn.init.normal_(block.down.weight, 0, 0.02 / math.sqrt(${2 * layers}))`,
        ]
      : [],
    '',
    '    def forward(self, tokens):  # [B, T]',
    '        position = torch.arange(tokens.shape[1]).expand_as(tokens)',
    separated
      ? [
          '        start = torch.where(tokens == 0, position, 0).cummax(1).values  # of the line of each position',
          '        seen = (position[:, None] <= position[..., None]) & (position[:, None] >= start[..., None])',
          '        seen, positions = seen[:, None], position - start  # [B, 1, T, T], [B, T]',
        ]
      : isRotary
        ? ['        positions = position']
        : [],
    isRotary
      ? '        x = self.embedding(tokens)  # [B, T, C]'
      : `        x = self.embedding(tokens) + self.position_embedding(${separated ? 'positions' : 'position'})  # [B, T, C]`,
    dropout.embedding > 0 && `        x = F.dropout(x, ${dropout.embedding}, self.training)`,
    '        for block in self.blocks:',
    `            x = block(x${places})`,
    '        return self.head(self.norm(x))  # [B, T, V]',
  );
}

const biased = (has: boolean): string => (has ? '' : ', bias=False');

/** A value that is returned, some of it left out in training. */
const returned = (value: string, rate: number): string =>
  rate > 0 ? `return F.dropout(${value}, ${rate}, self.training)` : `return ${value}`;
