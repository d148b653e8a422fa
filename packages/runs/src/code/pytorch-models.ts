import { mlp } from '../models/mlp.js';
import type { ModelName } from '../models/index.js';
import type { Settings } from '../settings/settings.js';
import { gptClass } from './pytorch-gpt.js';
import { megabyteClass } from './pytorch-megabyte.js';
import { indented, python } from './python.js';

/** A network, in Python. */
export interface PytorchModel {
  /** Its class, where it has one of its own. */
  readonly definition?: string;
  /** What makes it. */
  readonly make: string;
}

/** A network of PyTorch's layers that draws the same initial values, in the same order. */
export const pytorchModel = (settings: Settings): PytorchModel =>
  NETWORKS[settings.model](settings);

const NETWORKS: Readonly<Record<ModelName, (settings: Settings) => PytorchModel>> = {
  mlp: mlpNetwork,
  cnn: ({ contextSize, dEmbed: C, dHidden: H }) => ({
    definition: python(
      'class CNN(nn.Module):',
      '    def __init__(self):',
      '        super().__init__()',
      `        self.embedding = nn.Embedding(V, ${C})`,
      '        self.layers = nn.ModuleList(',
      `            nn.Conv1d(${C} if i == 0 else ${H}, ${H}, kernel_size=2, stride=2) for i in range(${Math.log2(contextSize)})`,
      '        )',
      `        self.head = nn.Linear(${H}, V)`,
      '',
      '    def forward(self, tokens):  # [B, T]',
      '        x = self.embedding(tokens).transpose(1, 2)  # [B, C, T]',
      '        for layer in self.layers:',
      '            x = F.relu(layer(x))  # [B, H, T / 2], [B, H, T / 4], …',
      '        return self.head(x.squeeze(2))  # [B, V]',
    ),
    make: 'CNN()',
  }),
  wavenet: waveNet,
  gpt: (settings) => ({ definition: gptClass(settings), make: 'GPT()' }),
  bigram: () => ({ make: 'nn.Embedding(V, V)  # a table of scores' }),
  gru: recurrent,
  lstm: recurrent,
  megabyte: (settings) => ({ definition: megabyteClass(settings), make: 'Megabyte()' }),
};

const LAYERS: Readonly<Record<string, string>> = {
  relu: 'nn.ReLU()',
  tanh: 'nn.Tanh()',
  gelu: 'nn.GELU()',
  silu: 'nn.SiLU()',
  sigmoid: 'nn.Sigmoid()',
};

function mlpNetwork(settings: Settings): PytorchModel {
  const sizes = mlp.sizesOf(settings, 2);
  const { activation, bias, batchNorm, layerNorm, residual, dropout, init, dEmbed } = sizes;
  const widths = typeof sizes.dHidden === 'number' ? [sizes.dHidden] : sizes.dHidden;
  const biased = bias ? '' : ', bias=False';
  const linear = (inputs: string | number, outputs: string | number, last: boolean): string =>
    init === 'pytorch'
      ? `nn.Linear(${inputs}, ${outputs}${biased})`
      : `linear(${inputs}, ${outputs}${last ? ', "linear"' : ''})`;
  const layers = widths.map((units, i) => {
    const inputs = i === 0 ? `T * ${dEmbed}` : widths[i - 1];
    return [
      linear(inputs, units, false),
      ...(batchNorm ? [`nn.BatchNorm1d(${units})`] : []),
      ...(layerNorm ? [`nn.LayerNorm(${units})`] : []),
      LAYERS[activation],
      ...(dropout > 0 ? [`nn.Dropout(${dropout})`] : []),
    ];
  });
  const last = linear(widths[widths.length - 1], 'V', true);
  const embedding = `nn.Embedding(V, ${dEmbed})`;
  const drawn = init === 'pytorch' ? undefined : drawnLinear(init, activation, bias);
  if (!residual) {
    const items = [embedding, 'nn.Flatten()', ...layers.flat(), last];
    return {
      ...(drawn !== undefined && { definition: drawn }),
      make: python(
        'nn.Sequential(',
        items.map((item) => `    ${item},`),
        ')',
      ),
    };
  }
  return {
    definition: python(
      drawn === undefined ? [] : [drawn, '', ''],
      'class MLP(nn.Module):',
      '    def __init__(self):',
      '        super().__init__()',
      `        self.embedding = ${embedding}`,
      '        self.layers = nn.ModuleList([',
      layers.map((layer) => `            nn.Sequential(${layer.join(', ')}),`),
      '        ])',
      `        self.head = ${last}`,
      '',
      '    def forward(self, tokens):  # [B, T]',
      '        x = self.embedding(tokens).flatten(1)  # [B, T C]',
      '        x = self.layers[0](x)  # [B, H]',
      '        for layer in self.layers[1:]:',
      '            x = x + layer(x)',
      '        return self.head(x)  # [B, V]',
    ),
    make: 'MLP()',
  };
}

/** A layer of other initial values, which alone are drawn. */
function drawnLinear(init: string, activation: string, bias: boolean): string {
  const gain = { tanh: 'tanh', sigmoid: 'sigmoid' }[activation] ?? 'relu';
  const values =
    init === 'kaiming'
      ? ['nn.init.kaiming_normal_(layer.weight, nonlinearity=nonlinearity)']
      : init === 'xavier'
        ? ['nn.init.xavier_normal_(layer.weight, nn.init.calculate_gain(nonlinearity))']
        : ['layer.weight.copy_(torch.randn(inputs, outputs).T)'];
  const shift =
    init === 'randn' ? 'layer.bias.copy_(torch.randn(outputs))' : 'nn.init.zeros_(layer.bias)';
  return python(
    '@torch.no_grad()',
    `def linear(inputs, outputs, nonlinearity="${gain}"):`,
    `    layer = nn.utils.skip_init(nn.Linear, inputs, outputs, bias=${bias ? 'True' : 'False'})`,
    values.map((line) => `    ${line}`),
    bias && `    ${shift}`,
    '    return layer',
  );
}

function waveNet(settings: Settings): PytorchModel {
  const { dHidden: C, depth, blocks, layerNorm, dropout, examples } = settings;
  const start =
    examples === 'lines'
      ? 'start = torch.where(tokens == 0, position, 0).cummax(1).values  # of the line of each position'
      : 'start = torch.zeros_like(tokens)  # a row is one text';
  return {
    definition: python(
      'class Layer(nn.Module):',
      '    """Of a pair of positions values through tanh, times gates through sigmoid; added to the input, and skipped to the head."""',
      '',
      '    def __init__(self, dilation, is_last):',
      '        super().__init__()',
      '        self.dilation = dilation',
      layerNorm && `        self.norm = nn.LayerNorm(${C})`,
      `        self.gates = nn.Conv1d(${C}, ${2 * C}, kernel_size=2)`,
      `        self.skip = nn.Linear(${C}, ${C})`,
      `        self.residual = None if is_last else nn.Linear(${C}, ${C})`,
      '',
      '    def forward(self, x, seen):  # [B, T, C]; seen: how many positions before each belong to its line',
      layerNorm ? '        read = self.norm(x)' : '        read = x',
      '        past = F.pad(read, (0, 0, self.dilation, 0))[:, : x.shape[1]] * (seen >= self.dilation)[..., None]',
      '        first, second = self.gates.weight.unbind(2)',
      '        values, gates = (F.linear(past, first) + F.linear(read, second, self.gates.bias)).chunk(2, -1)',
      '        gated = torch.tanh(values) * torch.sigmoid(gates)',
      dropout > 0 && `        gated = F.dropout(gated, ${dropout}, self.training)`,
      '        return x if self.residual is None else x + self.residual(gated), self.skip(gated)',
      '',
      '',
      'class WaveNet(nn.Module):',
      '    def __init__(self):',
      '        super().__init__()',
      `        self.embedding = nn.Embedding(V, ${C})`,
      `        dilations = [2**i for i in range(${depth})]${blocks === 1 ? '' : ` * ${blocks}`}`,
      '        self.layers = nn.ModuleList(Layer(d, i == len(dilations) - 1) for i, d in enumerate(dilations))',
      `        self.hidden = nn.Linear(${C}, ${C})`,
      `        self.head = nn.Linear(${C}, V)`,
      '',
      '    def forward(self, tokens):  # [B, T]',
      '        position = torch.arange(tokens.shape[1]).expand_as(tokens)',
      indented(start, 8),
      '        x, skips = self.embedding(tokens), 0  # [B, T, C]',
      '        for layer in self.layers:',
      '            x, skip = layer(x, position - start)',
      '            skips = skips + skip',
      '        return self.head(F.relu(self.hidden(F.relu(skips))))  # [B, T, V]',
    ),
    make: 'WaveNet()',
  };
}

function recurrent(settings: Settings): PytorchModel {
  const { model, dEmbed: C, dHidden: H, layers = 1, dropout, examples } = settings;
  const cell = model.toUpperCase();
  if (examples === 'blocks') {
    const options = [
      'batch_first=True',
      ...(dropout > 0 && layers > 1 ? [`dropout=${dropout}`] : []),
    ];
    return {
      definition: python(
        'class Recurrent(nn.Module):',
        '    def __init__(self):',
        '        super().__init__()',
        `        self.embedding = nn.Embedding(V, ${C})`,
        `        self.rnn = nn.${cell}(${C}, ${H}, ${layers}, ${options.join(', ')})`,
        `        self.head = nn.Linear(${H}, V)`,
        '',
        '    def forward(self, tokens):  # [B, T]',
        '        x, _ = self.rnn(self.embedding(tokens))  # [B, T, H]',
        dropout > 0 && `        x = F.dropout(x, ${dropout}, self.training)`,
        '        return self.head(x)  # [B, T, V]',
      ),
      make: 'Recurrent()',
    };
  }
  const isLstm = model === 'lstm';
  return {
    definition: python(
      'class Recurrent(nn.Module):',
      '    def __init__(self):',
      '        super().__init__()',
      `        self.embedding = nn.Embedding(V, ${C})`,
      `        self.cells = nn.ModuleList(nn.${cell}Cell(${C} if i == 0 else ${H}, ${H}) for i in range(${layers}))`,
      `        self.head = nn.Linear(${H}, V)`,
      '',
      '    def forward(self, tokens):  # [B, T]',
      '        x = self.embedding(tokens)  # [B, T, C]',
      '        kept = (tokens != 0).float()[..., None]  # a line begins with nothing remembered',
      '        for cell in self.cells:',
      `            state = ${isLstm ? `(x.new_zeros(len(x), ${H}),) * 2` : `x.new_zeros(len(x), ${H})`}`,
      '            states = []',
      '            for t in range(x.shape[1]):',
      isLstm
        ? '                state = cell(x[:, t], tuple(part * kept[:, t] for part in state))'
        : '                state = cell(x[:, t], state * kept[:, t])',
      `                states.append(state${isLstm ? '[0]' : ''})`,
      '            x = torch.stack(states, 1)  # [B, T, H]',
      dropout > 0 && `            x = F.dropout(x, ${dropout}, self.training)`,
      '        return self.head(x)  # [B, T, V]',
    ),
    make: 'Recurrent()',
  };
}
