//! A convolution with its ReLU, as products of panels of weights with panels of frames.

use super::{layers::Convolution, maps::Maps};

/// Frames that are computed at a time.
const FRAMES: usize = 8;

/// Output channels that are computed at a time: as many sums as the registers hold beside what they are made of, sixteen
/// of four numbers in wasm, of eight natively. Five or six rows, or twelve frames, take 1.2 to 1.4 times as long in V8.
const ROWS: usize = if cfg!(target_arch = "wasm32") { 4 } else { 8 };

/// A panel of frames under the kernel's taps, `[channels_in * kernel]` by [`FRAMES`].
pub(super) type Panel = Vec<[f32; FRAMES]>;

/// A convolution's weights, laid out once in the order in which they are read.
#[derive(Debug)]
pub(super) struct Panels {
    kernel: usize,
    stride: usize,
    dilation: usize,
    /// Products in a sum: `channels_in * kernel`.
    depth: usize,
    /// `[ceil(channels_out / ROWS), depth]` by [`ROWS`]; rows past the last channel are zero.
    weights: Vec<[f32; ROWS]>,
    /// `[channels_out]`
    biases: Vec<f32>,
}

impl Panels {
    /// The weights and biases of a layer with "same" padding, as
    /// [`conv1d_same`](crate::model::convolution::conv1d_same) pads.
    pub fn new(convolution: Convolution) -> Self {
        let Convolution { weight, shape: [channels_out, channels_in, kernel], bias, stride, dilation } =
            convolution;
        let depth = channels_in * kernel;
        let mut weights = vec![[0.0; ROWS]; channels_out.div_ceil(ROWS) * depth];
        for (channel, row) in weight.chunks_exact(depth).enumerate() {
            let block = &mut weights[channel / ROWS * depth..][..depth];
            for (weights, &weight) in block.iter_mut().zip(row) {
                weights[channel % ROWS] = weight;
            }
        }
        Self { kernel, stride, dilation, depth, weights, biases: bias }
    }

    /// Zeros that are read before the first frame, and at most after the last.
    pub fn padding(&self) -> usize {
        self.kernel / 2 * self.dilation
    }

    /// How far behind the last frame a whole panel reads at most.
    pub fn reach(&self) -> usize {
        self.padding() + FRAMES * self.stride
    }

    /// `[channels_in, frames]` -> `[channels_out, ceil(frames / stride)]`: the convolution, bias and ReLU, and where it
    /// is `residual` the input added. `panel` is memory to work in.
    pub fn convolve(&self, input: &Maps, output: &mut Maps, residual: bool, panel: &mut Panel) {
        output.clear(self.biases.len(), input.frames().div_ceil(self.stride));
        let task = Convolve { panels: self, input, output, residual, panel };
        #[cfg(all(not(target_arch = "wasm32"), feature = "rustfft"))]
        pulp::Arch::new().dispatch(task);
        #[cfg(not(all(not(target_arch = "wasm32"), feature = "rustfft")))]
        task.run();
    }

    /// Copies what the outputs from `first` on are made of, beginning `left` values into the rows.
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn fill(&self, input: &Maps, first: usize, panel: &mut Panel) {
        panel.clear();
        let start = input.margin() + first * self.stride - self.padding();
        for row in input.rows() {
            for tap in 0..self.kernel {
                let taken = &row[start + tap * self.dilation..][..(FRAMES - 1) * self.stride + 1];
                panel.push(match taken.first_chunk() {
                    Some(neighbours) if self.stride == 1 => *neighbours,
                    _ => std::array::from_fn(|frame| taken[frame * self.stride]),
                });
            }
        }
    }
}

/// [`Panels::convolve`] as a task for the widest registers that the machine has.
struct Convolve<'a> {
    panels: &'a Panels,
    input: &'a Maps,
    output: &'a mut Maps,
    residual: bool,
    panel: &'a mut Panel,
}

impl Convolve<'_> {
    #[cfg_attr(target_arch = "wasm32", inline(never))]
    #[cfg_attr(not(target_arch = "wasm32"), inline(always))]
    fn run(self) {
        let Self { panels, input, output, residual, panel } = self;
        let frames = output.frames();
        for first in (0..frames).step_by(FRAMES) {
            panels.fill(input, first, panel);
            let width = FRAMES.min(frames - first);
            let blocks = panels.weights.chunks_exact(panels.depth);
            for ((block, weights), biases) in blocks.enumerate().zip(panels.biases.chunks(ROWS)) {
                let sums = products(weights, panel);
                for (row, (sums, bias)) in sums.iter().zip(biases).enumerate() {
                    let channel = block * ROWS + row;
                    let mut values = sums.map(|sum| (sum + bias).max(0.0));
                    if residual {
                        let before = &input.row(channel)[first..first + width];
                        values.iter_mut().zip(before).for_each(|(value, before)| *value += before);
                    }
                    output.row_mut(channel)[first..first + width].copy_from_slice(&values[..width]);
                }
            }
        }
    }
}

#[cfg(all(not(target_arch = "wasm32"), feature = "rustfft"))]
impl pulp::NullaryFnOnce for Convolve<'_> {
    type Output = ();

    #[inline(always)]
    fn call(self) {
        self.run();
    }
}

/// `sum over k of weights[k][row] * panel[k][frame]`: every sum in a register's lane, which the compiler sees to.
#[inline(always)]
fn products(weights: &[[f32; ROWS]], panel: &[[f32; FRAMES]]) -> [[f32; FRAMES]; ROWS] {
    let mut sums = [[0.0; FRAMES]; ROWS];
    for (weights, frames) in weights.iter().zip(panel) {
        for row in 0..ROWS {
            for frame in 0..FRAMES {
                sums[row][frame] += weights[row] * frames[frame];
            }
        }
    }
    sums
}
