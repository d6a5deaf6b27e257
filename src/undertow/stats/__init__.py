"""Statistics over plain arrays of floats; each function names its variant and its source.

Every public name can be imported from here; its module is loaded when it is first used, with
numpy and at most scipy behind it. Made by `python tools/stats_reference.py`.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from undertow.stats.annualisation import DAY_NS as DAY_NS
    from undertow.stats.annualisation import DAYS_PER_YEAR as DAYS_PER_YEAR
    from undertow.stats.annualisation import periods_per_year as periods_per_year
    from undertow.stats.annualisation import volatility as volatility
    from undertow.stats.array_input import checked_share as checked_share
    from undertow.stats.array_input import checked_table as checked_table
    from undertow.stats.array_input import whole_numbers as whole_numbers
    from undertow.stats.autocorrelation import LjungBox as LjungBox
    from undertow.stats.autocorrelation import autocorrelations as autocorrelations
    from undertow.stats.autocorrelation import chi_squared_tail as chi_squared_tail
    from undertow.stats.autocorrelation import ljung_box as ljung_box
    from undertow.stats.backtest_length import minimum_backtest_years as minimum_backtest_years
    from undertow.stats.backtest_length import (
        minimum_backtest_years_bound as minimum_backtest_years_bound,
    )
    from undertow.stats.backtest_length import most_independent_trials as most_independent_trials
    from undertow.stats.backtest_overfitting import OverfitProbability as OverfitProbability
    from undertow.stats.backtest_overfitting import (
        probability_of_backtest_overfitting as probability_of_backtest_overfitting,
    )
    from undertow.stats.benchmark_relative import BenchmarkComparison as BenchmarkComparison
    from undertow.stats.benchmark_relative import alpha as alpha
    from undertow.stats.benchmark_relative import benchmark_correlation as benchmark_correlation
    from undertow.stats.benchmark_relative import beta as beta
    from undertow.stats.benchmark_relative import compared_with_benchmark as compared_with_benchmark
    from undertow.stats.benchmark_relative import down_capture as down_capture
    from undertow.stats.benchmark_relative import information_ratio as information_ratio
    from undertow.stats.benchmark_relative import tracking_error as tracking_error
    from undertow.stats.benchmark_relative import up_capture as up_capture
    from undertow.stats.best_of_trials import expected_maximum as expected_maximum
    from undertow.stats.best_of_trials import expected_maximum_exact as expected_maximum_exact
    from undertow.stats.block_length import BlockLength as BlockLength
    from undertow.stats.block_length import optimal_block_length as optimal_block_length
    from undertow.stats.block_resampling import circular_block_indices as circular_block_indices
    from undertow.stats.block_resampling import independent_indices as independent_indices
    from undertow.stats.block_resampling import moving_block_indices as moving_block_indices
    from undertow.stats.block_resampling import resample_indices as resample_indices
    from undertow.stats.block_resampling import stationary_indices as stationary_indices
    from undertow.stats.candle_scenarios import ResampledCandles as ResampledCandles
    from undertow.stats.candle_scenarios import noisy_candles as noisy_candles
    from undertow.stats.candle_scenarios import resampled_candles as resampled_candles
    from undertow.stats.closed_trades import TradeResults as TradeResults
    from undertow.stats.closed_trades import average_loss as average_loss
    from undertow.stats.closed_trades import average_win as average_win
    from undertow.stats.closed_trades import expectancy as expectancy
    from undertow.stats.closed_trades import expectancy_ratio as expectancy_ratio
    from undertow.stats.closed_trades import payoff_ratio as payoff_ratio
    from undertow.stats.closed_trades import profit_factor as profit_factor
    from undertow.stats.closed_trades import profit_factor_band as profit_factor_band
    from undertow.stats.closed_trades import trade_results as trade_results
    from undertow.stats.closed_trades import win_rate as win_rate
    from undertow.stats.columns import Columns as Columns
    from undertow.stats.columns import checked_columns as checked_columns
    from undertow.stats.columns import checked_pair as checked_pair
    from undertow.stats.columns import checked_series as checked_series
    from undertow.stats.columns import deviations_of as deviations_of
    from undertow.stats.columns import quotient as quotient
    from undertow.stats.combinatorial_folds import (
        CombinatorialPurgedKFold as CombinatorialPurgedKFold,
    )
    from undertow.stats.compound_growth import LEAST_GROWTH_DAYS as LEAST_GROWTH_DAYS
    from undertow.stats.compound_growth import cagr as cagr
    from undertow.stats.corwin_schultz import high_low_spread as high_low_spread
    from undertow.stats.curve_measures import PerformanceMeasures as PerformanceMeasures
    from undertow.stats.curve_measures import performance_measures as performance_measures
    from undertow.stats.cusum_filter import cusum_events as cusum_events
    from undertow.stats.cusum_filter import cusum_events_of_prices as cusum_events_of_prices
    from undertow.stats.deflated_sharpe_ratio import DeflatedSharpe as DeflatedSharpe
    from undertow.stats.deflated_sharpe_ratio import deflated_benchmark as deflated_benchmark
    from undertow.stats.deflated_sharpe_ratio import deflated_sharpe as deflated_sharpe
    from undertow.stats.deflated_sharpe_ratio import (
        deflated_sharpe_of_trials as deflated_sharpe_of_trials,
    )
    from undertow.stats.drawdown import Drawdown as Drawdown
    from undertow.stats.drawdown import DrawdownTimes as DrawdownTimes
    from undertow.stats.drawdown import costliest_drawdown as costliest_drawdown
    from undertow.stats.drawdown import deepest_drawdown as deepest_drawdown
    from undertow.stats.drawdown import drawdown_episodes as drawdown_episodes
    from undertow.stats.drawdown import drawdown_times as drawdown_times
    from undertow.stats.drawdown import longest_drawdown as longest_drawdown
    from undertow.stats.drawdown import max_drawdown as max_drawdown
    from undertow.stats.drawdown import max_drawdown_amount as max_drawdown_amount
    from undertow.stats.drawdown import time_under_water as time_under_water
    from undertow.stats.drawdown import underwater as underwater
    from undertow.stats.drawdown_ratios import calmar as calmar
    from undertow.stats.drawdown_ratios import martin_ratio as martin_ratio
    from undertow.stats.drawdown_ratios import recovery_factor as recovery_factor
    from undertow.stats.drawdown_ratios import serenity_index as serenity_index
    from undertow.stats.drawdown_ratios import ulcer_index as ulcer_index
    from undertow.stats.equity_returns import compounded_equity as compounded_equity
    from undertow.stats.equity_returns import log_returns as log_returns
    from undertow.stats.equity_returns import simple_returns as simple_returns
    from undertow.stats.equity_returns import total_return as total_return
    from undertow.stats.equity_returns import until_ruin as until_ruin
    from undertow.stats.equity_sampling import SampledEquity as SampledEquity
    from undertow.stats.equity_sampling import daily_equity as daily_equity
    from undertow.stats.equity_sampling import sampled_equity as sampled_equity
    from undertow.stats.execution_shortfall import (
        ImplementationShortfall as ImplementationShortfall,
    )
    from undertow.stats.execution_shortfall import (
        implementation_shortfall as implementation_shortfall,
    )
    from undertow.stats.forecast_calibration import BrierDecomposition as BrierDecomposition
    from undertow.stats.forecast_calibration import CalibrationError as CalibrationError
    from undertow.stats.forecast_calibration import ReliabilityBin as ReliabilityBin
    from undertow.stats.forecast_calibration import area_under_curve as area_under_curve
    from undertow.stats.forecast_calibration import brier_decomposition as brier_decomposition
    from undertow.stats.forecast_calibration import brier_score as brier_score
    from undertow.stats.forecast_calibration import calibration_error as calibration_error
    from undertow.stats.forecast_calibration import (
        equal_mass_reliability_table as equal_mass_reliability_table,
    )
    from undertow.stats.forecast_calibration import log_loss as log_loss
    from undertow.stats.forecast_calibration import reliability_table as reliability_table
    from undertow.stats.fractional_differencing import DifferencingSearch as DifferencingSearch
    from undertow.stats.fractional_differencing import differencing_weights as differencing_weights
    from undertow.stats.fractional_differencing import expanding_difference as expanding_difference
    from undertow.stats.fractional_differencing import (
        fixed_width_difference as fixed_width_difference,
    )
    from undertow.stats.fractional_differencing import fixed_width_weights as fixed_width_weights
    from undertow.stats.fractional_differencing import least_differencing as least_differencing
    from undertow.stats.freqtrade_ratios import FreqtradeRatios as FreqtradeRatios
    from undertow.stats.freqtrade_ratios import freqtrade_trade_based as freqtrade_trade_based
    from undertow.stats.gain_loss_ratios import gain_to_pain as gain_to_pain
    from undertow.stats.gain_loss_ratios import omega as omega
    from undertow.stats.haircut import SharpeHaircut as SharpeHaircut
    from undertow.stats.haircut import sharpe_haircut as sharpe_haircut
    from undertow.stats.haircut import sharpe_haircut_among as sharpe_haircut_among
    from undertow.stats.haircut import sharpe_haircuts_of_family as sharpe_haircuts_of_family
    from undertow.stats.headline_intervals import cagr_interval as cagr_interval
    from undertow.stats.headline_intervals import max_drawdown_range as max_drawdown_range
    from undertow.stats.headline_intervals import mean_interval as mean_interval
    from undertow.stats.headline_intervals import profit_factor_interval as profit_factor_interval
    from undertow.stats.headline_intervals import sharpe_interval as sharpe_interval
    from undertow.stats.headline_intervals import sortino_interval as sortino_interval
    from undertow.stats.headline_intervals import volatility_interval as volatility_interval
    from undertow.stats.hurst_exponent import (
        detrended_fluctuation_exponent as detrended_fluctuation_exponent,
    )
    from undertow.stats.hurst_exponent import (
        structure_function_exponent as structure_function_exponent,
    )
    from undertow.stats.kelly_criterion import KellyEstimate as KellyEstimate
    from undertow.stats.kelly_criterion import kelly_binary as kelly_binary
    from undertow.stats.kelly_criterion import kelly_binary_growth as kelly_binary_growth
    from undertow.stats.kelly_criterion import kelly_continuous as kelly_continuous
    from undertow.stats.kelly_criterion import kelly_continuous_growth as kelly_continuous_growth
    from undertow.stats.kelly_criterion import kelly_discrete as kelly_discrete
    from undertow.stats.kelly_criterion import kelly_from_trades as kelly_from_trades
    from undertow.stats.label_span import LabelSpans as LabelSpans
    from undertow.stats.label_span import embargo_count as embargo_count
    from undertow.stats.label_span import horizon_spans as horizon_spans
    from undertow.stats.label_span import label_spans as label_spans
    from undertow.stats.label_span import purged_training as purged_training
    from undertow.stats.label_uniqueness import average_uniqueness as average_uniqueness
    from undertow.stats.label_uniqueness import label_concurrency as label_concurrency
    from undertow.stats.label_uniqueness import (
        return_attribution_weights as return_attribution_weights,
    )
    from undertow.stats.label_uniqueness import span_sums as span_sums
    from undertow.stats.label_uniqueness import time_decay_weights as time_decay_weights
    from undertow.stats.leveraged_result import leveraged_return as leveraged_return
    from undertow.stats.long_run_variance import andrews_bandwidth as andrews_bandwidth
    from undertow.stats.long_run_variance import long_run_covariance as long_run_covariance
    from undertow.stats.long_run_variance import (
        prewhitened_long_run_covariance as prewhitened_long_run_covariance,
    )
    from undertow.stats.long_run_variance import prewhitened_mean_errors as prewhitened_mean_errors
    from undertow.stats.market_impact import AVERAGE_OF_PEAK as AVERAGE_OF_PEAK
    from undertow.stats.market_impact import AlmgrenImpact as AlmgrenImpact
    from undertow.stats.market_impact import almgren_impact as almgren_impact
    from undertow.stats.market_impact import square_root_impact as square_root_impact
    from undertow.stats.mean_return import MeanReturnTest as MeanReturnTest
    from undertow.stats.mean_return import mean_return_test as mean_return_test
    from undertow.stats.mean_return import mean_return_test_hac as mean_return_test_hac
    from undertow.stats.meta_label import meta_labels as meta_labels
    from undertow.stats.multiple_testing import adjusted_across_families as adjusted_across_families
    from undertow.stats.multiple_testing import adjusted_p_values as adjusted_p_values
    from undertow.stats.multiple_testing import adjusted_within_families as adjusted_within_families
    from undertow.stats.multiple_testing import benjamini_hochberg as benjamini_hochberg
    from undertow.stats.multiple_testing import benjamini_yekutieli as benjamini_yekutieli
    from undertow.stats.multiple_testing import bonferroni as bonferroni
    from undertow.stats.multiple_testing import holm as holm
    from undertow.stats.normal_distribution import normal_cdf as normal_cdf
    from undertow.stats.normal_distribution import normal_quantile as normal_quantile
    from undertow.stats.out_of_sample import OutOfSampleSplit as OutOfSampleSplit
    from undertow.stats.out_of_sample import out_of_sample_split as out_of_sample_split
    from undertow.stats.pearson import correlation as correlation
    from undertow.stats.period_returns import CalendarReturns as CalendarReturns
    from undertow.stats.period_returns import best_period as best_period
    from undertow.stats.period_returns import monthly_returns as monthly_returns
    from undertow.stats.period_returns import positive_share as positive_share
    from undertow.stats.period_returns import worst_period as worst_period
    from undertow.stats.probabilistic_sharpe_ratio import (
        probabilistic_sharpe as probabilistic_sharpe,
    )
    from undertow.stats.probabilistic_sharpe_ratio import (
        probabilistic_sharpe_null_variance as probabilistic_sharpe_null_variance,
    )
    from undertow.stats.probabilistic_sharpe_ratio import (
        probabilistic_sharpe_of_returns as probabilistic_sharpe_of_returns,
    )
    from undertow.stats.probabilistic_sharpe_ratio import (
        sharpe_standard_error as sharpe_standard_error,
    )
    from undertow.stats.purged_folds import PurgedKFold as PurgedKFold
    from undertow.stats.purged_folds import check_rows as check_rows
    from undertow.stats.purged_folds import checked_folds as checked_folds
    from undertow.stats.purged_folds import trainable as trainable
    from undertow.stats.random_entries import RandomEntryTest as RandomEntryTest
    from undertow.stats.random_entries import random_entry_test as random_entry_test
    from undertow.stats.reality_check import PredictiveAbility as PredictiveAbility
    from undertow.stats.reality_check import RealityCheck as RealityCheck
    from undertow.stats.reality_check import model_confidence_set as model_confidence_set
    from undertow.stats.reality_check import step_m as step_m
    from undertow.stats.reality_check import (
        superior_predictive_ability as superior_predictive_ability,
    )
    from undertow.stats.reality_check import white_reality_check as white_reality_check
    from undertow.stats.resampled_interval import LEAST_OBSERVATIONS as LEAST_OBSERVATIONS
    from undertow.stats.resampled_interval import Interval as Interval
    from undertow.stats.resampled_interval import block_error as block_error
    from undertow.stats.resampled_interval import bootstrap_interval as bootstrap_interval
    from undertow.stats.resampled_interval import resampled_values as resampled_values
    from undertow.stats.resampled_interval import studentised_interval as studentised_interval
    from undertow.stats.robust import OUTLIER_SCORE as OUTLIER_SCORE
    from undertow.stats.robust import capped as capped
    from undertow.stats.robust import capped_ratio as capped_ratio
    from undertow.stats.robust import median_absolute_deviation as median_absolute_deviation
    from undertow.stats.robust import modified_z_score as modified_z_score
    from undertow.stats.robust import modified_z_scores as modified_z_scores
    from undertow.stats.robust import robust_scale as robust_scale
    from undertow.stats.roll_estimator import roll_spread as roll_spread
    from undertow.stats.sample_moments import kurtosis as kurtosis
    from undertow.stats.sample_moments import skewness as skewness
    from undertow.stats.scenarios import PERCENTILES as PERCENTILES
    from undertow.stats.scenarios import Scenarios as Scenarios
    from undertow.stats.scenarios import ScenarioSpread as ScenarioSpread
    from undertow.stats.scenarios import noisy_costs as noisy_costs
    from undertow.stats.scenarios import permuted_trades as permuted_trades
    from undertow.stats.scenarios import resampled_returns as resampled_returns
    from undertow.stats.scenarios import resampled_trades as resampled_trades
    from undertow.stats.scenarios import ruin_probability as ruin_probability
    from undertow.stats.scenarios import share_below_zero as share_below_zero
    from undertow.stats.scenarios import skipped_trades as skipped_trades
    from undertow.stats.scenarios import summarised as summarised
    from undertow.stats.sequential_draw import draw_probabilities as draw_probabilities
    from undertow.stats.sequential_draw import sequential_bootstrap as sequential_bootstrap
    from undertow.stats.serial_correlation import autocorrelation_penalty as autocorrelation_penalty
    from undertow.stats.serial_correlation import lo_scale as lo_scale
    from undertow.stats.serial_correlation import lo_sharpe as lo_sharpe
    from undertow.stats.serial_correlation import smart_sharpe as smart_sharpe
    from undertow.stats.serial_correlation import smart_sortino as smart_sortino
    from undertow.stats.sharpe_bootstrap import (
        SharpeDifferenceBootstrap as SharpeDifferenceBootstrap,
    )
    from undertow.stats.sharpe_bootstrap import calibrated_block as calibrated_block
    from undertow.stats.sharpe_bootstrap import (
        sharpe_difference_bootstrap as sharpe_difference_bootstrap,
    )
    from undertow.stats.sharpe_comparison import ROUNDING as ROUNDING
    from undertow.stats.sharpe_comparison import SharpeDifference as SharpeDifference
    from undertow.stats.sharpe_comparison import checked_returns_pair as checked_returns_pair
    from undertow.stats.sharpe_comparison import difference_errors as difference_errors
    from undertow.stats.sharpe_comparison import sharpe_difference as sharpe_difference
    from undertow.stats.sharpe_comparison import sharpe_gradient as sharpe_gradient
    from undertow.stats.sharpe_moments import ReturnMoments as ReturnMoments
    from undertow.stats.sharpe_moments import column_sharpes as column_sharpes
    from undertow.stats.sharpe_moments import return_moments as return_moments
    from undertow.stats.sharpe_moments import sharpe_variance_factor as sharpe_variance_factor
    from undertow.stats.sharpe_ratio import sharpe as sharpe
    from undertow.stats.smooth_statistics import SmoothStatistic as SmoothStatistic
    from undertow.stats.smooth_statistics import growth_statistic as growth_statistic
    from undertow.stats.smooth_statistics import mean_statistic as mean_statistic
    from undertow.stats.smooth_statistics import profit_factor_statistic as profit_factor_statistic
    from undertow.stats.smooth_statistics import sharpe_statistic as sharpe_statistic
    from undertow.stats.smooth_statistics import sortino_statistic as sortino_statistic
    from undertow.stats.smooth_statistics import volatility_statistic as volatility_statistic
    from undertow.stats.sortino_ratio import downside_deviation as downside_deviation
    from undertow.stats.sortino_ratio import sortino as sortino
    from undertow.stats.system_quality import SYSTEM_QUALITY_CAP as SYSTEM_QUALITY_CAP
    from undertow.stats.system_quality import r_multiples as r_multiples
    from undertow.stats.system_quality import system_quality_band as system_quality_band
    from undertow.stats.system_quality import system_quality_number as system_quality_number
    from undertow.stats.system_quality import tharp_quality_number as tharp_quality_number
    from undertow.stats.tail_risk import conditional_value_at_risk as conditional_value_at_risk
    from undertow.stats.tail_risk import (
        gaussian_conditional_value_at_risk as gaussian_conditional_value_at_risk,
    )
    from undertow.stats.tail_risk import gaussian_value_at_risk as gaussian_value_at_risk
    from undertow.stats.tail_risk import tail_ratio as tail_ratio
    from undertow.stats.tail_risk import value_at_risk as value_at_risk
    from undertow.stats.track_record_length import minimum_track_record as minimum_track_record
    from undertow.stats.track_record_length import (
        minimum_track_record_null_variance as minimum_track_record_null_variance,
    )
    from undertow.stats.track_record_length import (
        minimum_track_record_of_returns as minimum_track_record_of_returns,
    )
    from undertow.stats.track_record_length import years_of as years_of
    from undertow.stats.trade_streaks import Streaks as Streaks
    from undertow.stats.trade_streaks import longest_streaks as longest_streaks
    from undertow.stats.trade_timing import average_daily_profit as average_daily_profit
    from undertow.stats.trade_timing import average_duration_ns as average_duration_ns
    from undertow.stats.trade_timing import exposure_time as exposure_time
    from undertow.stats.trade_timing import trades_per_day as trades_per_day
    from undertow.stats.trial_independence import independent_trials as independent_trials
    from undertow.stats.trial_independence import (
        independent_trials_by_clusters as independent_trials_by_clusters,
    )
    from undertow.stats.trial_independence import (
        independent_trials_of_returns as independent_trials_of_returns,
    )
    from undertow.stats.trial_independence import (
        mean_pairwise_correlation as mean_pairwise_correlation,
    )
    from undertow.stats.triple_barrier import BarrierLabels as BarrierLabels
    from undertow.stats.triple_barrier import Barriers as Barriers
    from undertow.stats.triple_barrier import bar_limits as bar_limits
    from undertow.stats.triple_barrier import barriers as barriers
    from undertow.stats.triple_barrier import close_barrier_labels as close_barrier_labels
    from undertow.stats.triple_barrier import range_barrier_labels as range_barrier_labels
    from undertow.stats.triple_barrier import time_limits as time_limits
    from undertow.stats.triple_barrier import timed_barrier_labels as timed_barrier_labels
    from undertow.stats.walk_forward_split import WalkForward as WalkForward
    from undertow.stats.walk_forward_split import WalkForwardWindow as WalkForwardWindow
    from undertow.stats.walk_forward_split import walk_forward_windows as walk_forward_windows

# Module: names.
_TABLE = """
annualisation: DAY_NS DAYS_PER_YEAR periods_per_year volatility
array_input: checked_share checked_table whole_numbers
autocorrelation: LjungBox autocorrelations chi_squared_tail ljung_box
backtest_length: minimum_backtest_years minimum_backtest_years_bound most_independent_trials
backtest_overfitting: OverfitProbability probability_of_backtest_overfitting
benchmark_relative: BenchmarkComparison alpha benchmark_correlation beta compared_with_benchmark
benchmark_relative: down_capture information_ratio tracking_error up_capture
best_of_trials: expected_maximum expected_maximum_exact
block_length: BlockLength optimal_block_length
block_resampling: circular_block_indices independent_indices moving_block_indices resample_indices
block_resampling: stationary_indices
candle_scenarios: ResampledCandles noisy_candles resampled_candles
closed_trades: TradeResults average_loss average_win expectancy expectancy_ratio payoff_ratio
closed_trades: profit_factor profit_factor_band trade_results win_rate
columns: Columns checked_columns checked_pair checked_series deviations_of quotient
combinatorial_folds: CombinatorialPurgedKFold
compound_growth: LEAST_GROWTH_DAYS cagr
corwin_schultz: high_low_spread
curve_measures: PerformanceMeasures performance_measures
cusum_filter: cusum_events cusum_events_of_prices
deflated_sharpe_ratio: DeflatedSharpe deflated_benchmark deflated_sharpe deflated_sharpe_of_trials
drawdown: Drawdown DrawdownTimes costliest_drawdown deepest_drawdown drawdown_episodes
drawdown: drawdown_times longest_drawdown max_drawdown max_drawdown_amount time_under_water
drawdown: underwater
drawdown_ratios: calmar martin_ratio recovery_factor serenity_index ulcer_index
equity_returns: compounded_equity log_returns simple_returns total_return until_ruin
equity_sampling: SampledEquity daily_equity sampled_equity
execution_shortfall: ImplementationShortfall implementation_shortfall
forecast_calibration: BrierDecomposition CalibrationError ReliabilityBin area_under_curve
forecast_calibration: brier_decomposition brier_score calibration_error equal_mass_reliability_table
forecast_calibration: log_loss reliability_table
fractional_differencing: DifferencingSearch differencing_weights expanding_difference
fractional_differencing: fixed_width_difference fixed_width_weights least_differencing
freqtrade_ratios: FreqtradeRatios freqtrade_trade_based
gain_loss_ratios: gain_to_pain omega
haircut: SharpeHaircut sharpe_haircut sharpe_haircut_among sharpe_haircuts_of_family
headline_intervals: cagr_interval max_drawdown_range mean_interval profit_factor_interval
headline_intervals: sharpe_interval sortino_interval volatility_interval
hurst_exponent: detrended_fluctuation_exponent structure_function_exponent
kelly_criterion: KellyEstimate kelly_binary kelly_binary_growth kelly_continuous
kelly_criterion: kelly_continuous_growth kelly_discrete kelly_from_trades
label_span: LabelSpans embargo_count horizon_spans label_spans purged_training
label_uniqueness: average_uniqueness label_concurrency return_attribution_weights span_sums
label_uniqueness: time_decay_weights
leveraged_result: leveraged_return
long_run_variance: andrews_bandwidth long_run_covariance prewhitened_long_run_covariance
long_run_variance: prewhitened_mean_errors
market_impact: AVERAGE_OF_PEAK AlmgrenImpact almgren_impact square_root_impact
mean_return: MeanReturnTest mean_return_test mean_return_test_hac
meta_label: meta_labels
multiple_testing: adjusted_across_families adjusted_p_values adjusted_within_families
multiple_testing: benjamini_hochberg benjamini_yekutieli bonferroni holm
normal_distribution: normal_cdf normal_quantile
out_of_sample: OutOfSampleSplit out_of_sample_split
pearson: correlation
period_returns: CalendarReturns best_period monthly_returns positive_share worst_period
probabilistic_sharpe_ratio: probabilistic_sharpe probabilistic_sharpe_null_variance
probabilistic_sharpe_ratio: probabilistic_sharpe_of_returns sharpe_standard_error
purged_folds: PurgedKFold check_rows checked_folds trainable
random_entries: RandomEntryTest random_entry_test
reality_check: PredictiveAbility RealityCheck model_confidence_set step_m
reality_check: superior_predictive_ability white_reality_check
resampled_interval: LEAST_OBSERVATIONS Interval block_error bootstrap_interval resampled_values
resampled_interval: studentised_interval
robust: OUTLIER_SCORE capped capped_ratio median_absolute_deviation modified_z_score
robust: modified_z_scores robust_scale
roll_estimator: roll_spread
sample_moments: kurtosis skewness
scenarios: PERCENTILES Scenarios ScenarioSpread noisy_costs permuted_trades resampled_returns
scenarios: resampled_trades ruin_probability share_below_zero skipped_trades summarised
sequential_draw: draw_probabilities sequential_bootstrap
serial_correlation: autocorrelation_penalty lo_scale lo_sharpe smart_sharpe smart_sortino
sharpe_bootstrap: SharpeDifferenceBootstrap calibrated_block sharpe_difference_bootstrap
sharpe_comparison: ROUNDING SharpeDifference checked_returns_pair difference_errors
sharpe_comparison: sharpe_difference sharpe_gradient
sharpe_moments: ReturnMoments column_sharpes return_moments sharpe_variance_factor
sharpe_ratio: sharpe
smooth_statistics: SmoothStatistic growth_statistic mean_statistic profit_factor_statistic
smooth_statistics: sharpe_statistic sortino_statistic volatility_statistic
sortino_ratio: downside_deviation sortino
system_quality: SYSTEM_QUALITY_CAP r_multiples system_quality_band system_quality_number
system_quality: tharp_quality_number
tail_risk: conditional_value_at_risk gaussian_conditional_value_at_risk gaussian_value_at_risk
tail_risk: tail_ratio value_at_risk
track_record_length: minimum_track_record minimum_track_record_null_variance
track_record_length: minimum_track_record_of_returns years_of
trade_streaks: Streaks longest_streaks
trade_timing: average_daily_profit average_duration_ns exposure_time trades_per_day
trial_independence: independent_trials independent_trials_by_clusters independent_trials_of_returns
trial_independence: mean_pairwise_correlation
triple_barrier: BarrierLabels Barriers bar_limits barriers close_barrier_labels range_barrier_labels
triple_barrier: time_limits timed_barrier_labels
walk_forward_split: WalkForward WalkForwardWindow walk_forward_windows
"""
_HOMES = {
    name: home
    for home, names in (line.split(": ") for line in _TABLE.strip().splitlines())
    for name in names.split()
}

__all__ = sorted(_HOMES)


if not TYPE_CHECKING:  # a checker sees the imports above, and so a name that does not exist

    def __getattr__(name: str) -> object:
        home = _HOMES.get(name)
        if home is None:
            raise AttributeError(f"module 'undertow.stats' has no attribute {name!r}")
        return getattr(importlib.import_module("undertow.stats." + home), name)


def __dir__() -> list[str]:
    return __all__
