/* Flows of markets over their routes at given prices and waits of facilities, and how loads answer to both.
 *
 *     C_k = c_k + sum_f (pi_f a_kf + v_m w_f),   P_k = W_k / (sum_j W_j + W_home),   W_k = exp(size_k - beta_m ln C_k)
 *     x_k = D_m P_k,   D_m = D0_m (S_m / base_m)^-e_m,   S_m = (sum W)^(-1 / beta_m)
 *     dx_k / dC_j = x_k (-beta_m delta_kj + (beta_m - e_m) P_j) / C_j
 *
 * Sums are taken in the order of the routes, so that the same input gives the same bits.
 */
#include "../routing/kernels.h"

/* k markets over r routes that pass facilities: facility[pass[i]] .. facility[pass[i + 1] - 1] on route i, taking `units` each a tonne.
 * No units: the goods do not use the facility. base: nan where demand does not answer to cost. */
typedef struct {
    int64_t n_markets, n_facilities;
    const int64_t *first_route, *pass;
    const int32_t *facility;
    const double *units, *cost, *size, *tonnes, *beta, *value_of_time, *log_home, *base, *elasticity;
} Markets;

KERUEN_API int32_t keruen_loads(const Markets *all, const double *price, const double *wait, double *out_cost, double *out_share,
                                double *out_demand, double *out_expected, double *out_load)
{
    memset(out_load, 0, (size_t)all->n_facilities * sizeof(double));
    for (int64_t m = 0; m < all->n_markets; m++) {
        const int64_t begin = all->first_route[m], end = all->first_route[m + 1];
        const double beta = all->beta[m], v = all->value_of_time[m], home = all->log_home[m];
        double highest = home, sum = 0;
        for (int64_t i = begin; i < end; i++) {
            double c = all->cost[i];
            for (int64_t p = all->pass[i]; p < all->pass[i + 1]; p++)
                if (all->units[p] > 0) c += all->units[p] * price[all->facility[p]] + v * wait[all->facility[p]];
            out_cost[i] = c;
            out_share[i] = all->size[i] - beta * log(c);
            if (out_share[i] > highest) highest = out_share[i];
        }
        for (int64_t i = begin; i < end; i++) sum += out_share[i] = exp(out_share[i] - highest);
        sum += exp(home - highest);
        out_expected[m] = exp(-(log(sum) + highest) / beta);
        out_demand[m] = all->tonnes[m];
        if (all->base[m] > 0) out_demand[m] *= pow(out_expected[m] / all->base[m], -all->elasticity[m]);
        for (int64_t i = begin; i < end; i++) {
            out_share[i] /= sum;
            const double flow = out_demand[m] * out_share[i];
            for (int64_t p = all->pass[i]; p < all->pass[i + 1]; p++) out_load[all->facility[p]] += flow * all->units[p];
        }
    }
    return KERUEN_OK;
}

/* d load_f / d s_g for unknowns s that move price g by priced[g] and wait g by waiting[g]: out_slope[f * n_facilities + g].
 * cost, share and demand are what keruen_loads gave. */
KERUEN_API int32_t keruen_load_slopes(const Markets *all, const double *priced, const double *waiting, const double *cost,
                                      const double *share, const double *demand, double *out_slope)
{
    const int64_t n = all->n_facilities;
    double *carried = new_array(n, sizeof(double)), *felt = new_array(n, sizeof(double));
    int32_t *met = new_array(n, sizeof(int32_t));
    uint8_t *known = calloc((size_t)(n > 0 ? n : 1), 1);
    if (!carried || !felt || !met || !known) {
        free(carried), free(felt), free(met), free(known);
        return KERUEN_NO_MEMORY;
    }
    memset(out_slope, 0, (size_t)(n * n) * sizeof(double));
    for (int64_t m = 0; m < all->n_markets; m++) {
        const double beta = all->beta[m], v = all->value_of_time[m], d = demand[m];
        const double both = beta - (all->base[m] > 0 ? all->elasticity[m] : 0);
        int64_t n_met = 0;
        int moves = 0;
        for (int64_t i = all->first_route[m]; i < all->first_route[m + 1]; i++) {
            if (!(share[i] > 0)) continue;
            const double flow = d * share[i], own = flow * beta / cost[i], other = share[i] / cost[i];
            for (int64_t p = all->pass[i]; p < all->pass[i + 1]; p++) {
                const int32_t g = all->facility[p];
                const double a = all->units[p];
                if (!(a > 0)) continue;
                if (!known[g]) {
                    known[g] = 1;
                    met[n_met++] = g;
                    carried[g] = felt[g] = 0;
                }
                carried[g] += flow * a;
                const double change = a * priced[g] + v * waiting[g];
                if (!(change > 0)) continue;
                moves = 1;
                felt[g] += other * change;
                for (int64_t q = all->pass[i]; q < all->pass[i + 1]; q++)
                    out_slope[all->facility[q] * n + g] -= own * change * all->units[q];
            }
        }
        for (int64_t j = 0; j < n_met; j++) {
            const int32_t g = met[j];
            known[g] = 0;
            if (!moves || !(felt[g] > 0)) continue;
            for (int64_t i = 0; i < n_met; i++) out_slope[met[i] * n + g] += both * carried[met[i]] * felt[g];
        }
    }
    free(carried), free(felt), free(met), free(known);
    return KERUEN_OK;
}
