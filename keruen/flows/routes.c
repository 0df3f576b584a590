/* Routes put together from paths: what each takes, which differ, how much they overlap, and what flows over each arc.
 *
 * Path p is the path_size[p] arcs from path_at[p] on, wherever they lie. A candidate is up to PARTS paths one after the
 * other: to a gate, on to another, and to the destination; part -1 is none. Markets have the candidates
 * first[k] .. first[k + 1] - 1. Conventions of types, ownership and threads are in kernels.h.
 */
#include "../routing/kernels.h"

enum { PARTS = 3, SUMS = 4, LOOP = 1, TWICE = 2, MOST_CANDIDATES = 64 };

typedef struct {
    const int32_t *part; /* [candidates * PARTS] */
    const int32_t *const *path_at;
    const int32_t *path_size;
} Candidates;

/* Walks over the arcs of candidate c: for each, `arc` is set and the statement that follows is run. */
#define FOR_ARCS_OF(set, c)                                                                                     \
    for (int p_ = 0; p_ < PARTS; p_++)                                                                          \
        if ((set)->part[(c) * PARTS + p_] >= 0)                                                                 \
            for (int64_t i_ = 0, arc; i_ < (set)->path_size[(set)->part[(c) * PARTS + p_]]                       \
                 && (arc = (set)->path_at[(set)->part[(c) * PARTS + p_]][i_], 1); i_++)

/* out_sum[c * SUMS ..]: the sums of weight[arc * SUMS ..]; out_features: all bits of their features; out_flaw: LOOP if a
 * node is passed twice, TWICE if a facility once[arc] >= 0 is; out_length: number of arcs. */
KERUEN_API int keruen_route_sums(int64_t candidates, const Candidates *set, int32_t nodes, int32_t facilities,
                                 const int32_t *tail, const int32_t *head, const double *weight,
                                 const uint64_t *features, const int32_t *once, double *out_sum,
                                 uint64_t *out_features, uint8_t *out_flaw, int32_t *out_length)
{
    int64_t *seen = new_array(nodes, sizeof *seen), *passed = new_array(facilities, sizeof *passed);
    int status = seen && passed ? KERUEN_OK : KERUEN_NO_MEMORY;
    if (!status) {
        memset(seen, 0xff, (size_t)nodes * sizeof *seen);
        memset(passed, 0xff, (size_t)facilities * sizeof *passed);
    }
    for (int64_t c = 0; c < candidates && !status; c++) {
        double sum[SUMS] = {0};
        uint64_t bits = 0;
        int32_t length = 0;
        uint8_t flaw = 0;
        FOR_ARCS_OF(set, c) {
            if (length++ == 0) seen[tail[arc]] = c;
            if (seen[head[arc]] == c) flaw |= LOOP;
            seen[head[arc]] = c;
            if (once[arc] >= 0) {
                if (passed[once[arc]] == c) flaw |= TWICE;
                passed[once[arc]] = c;
            }
            bits |= features[arc];
            for (int s = 0; s < SUMS; s++) sum[s] += weight[arc * SUMS + s];
        }
        memcpy(out_sum + c * SUMS, sum, sizeof sum);
        out_features[c] = bits;
        out_flaw[c] = flaw;
        out_length[c] = length;
    }
    free(seen);
    free(passed);
    return status;
}

typedef struct {
    int32_t item;
    double share;
} Spent;

static int by_item(const void *a, const void *b)
{
    const int32_t x = ((const Spent *)a)->item, y = ((const Spent *)b)->item;
    return (x > y) - (x < y);
}

/* 1 - sum min / sum max of the shares of two candidates, sorted by item (weighted Jaccard, METHODS 2.5). */
static double dissimilarity(const Spent *a, int32_t as, const Spent *b, int32_t bs)
{
    double shared = 0, either = 0;
    int32_t i = 0, j = 0;
    while (i < as || j < bs) {
        const int only_a = j == bs || (i < as && a[i].item < b[j].item);
        const int only_b = !only_a && (i == as || b[j].item < a[i].item);
        if (only_a) either += a[i++].share;
        else if (only_b) either += b[j++].share;
        else {
            const double x = a[i++].share, y = b[j++].share;
            shared += x < y ? x : y;
            either += x < y ? y : x;
        }
    }
    return either > 0 ? 1 - shared / either : 0;
}

/* What candidate c spends its money on: shares of item[arc], sorted by item. Returns how many items. */
static int32_t spend(const Candidates *set, int64_t c, const int32_t *item, const double *money, int32_t *place,
                     Spent *out)
{
    int32_t count = 0;
    double total = 0;
    FOR_ARCS_OF(set, c) {
        const int32_t at = item[arc];
        if (money[arc] <= 0) continue;
        if (place[at] < 0) {
            place[at] = count;
            out[count++] = (Spent){at, 0};
        }
        out[place[at]].share += money[arc];
        total += money[arc];
    }
    for (int32_t i = 0; i < count; i++) {
        place[out[i].item] = -1;
        out[i].share /= total;
    }
    qsort(out, (size_t)count, sizeof *out, by_item);
    return count;
}

/* Chooses for each market at most `most` of its candidates, which must come by rising cost: first the best of each
 * family of corridors, then of each corridor, that differs at all (by `least`) from those kept, then others that differ
 * by `within` from all that are.
 *
 * out_kept[k * most ..]: the candidates, -1 where there are no more. */
KERUEN_API int keruen_route_distinct(int32_t markets, const int64_t *first, const Candidates *set, int32_t items,
                                     const int32_t *family, const int32_t *corridor, const int32_t *item,
                                     const double *money, int32_t most, double least, double within, int64_t *out_kept)
{
    int32_t *place = new_array(items, sizeof *place);
    Spent *spent = new_array((int64_t)MOST_CANDIDATES * items, sizeof *spent);
    int32_t count[MOST_CANDIDATES];
    int status = place && spent ? KERUEN_OK : KERUEN_NO_MEMORY;
    if (!status) memset(place, 0xff, (size_t)items * sizeof *place);
    for (int32_t k = 0; k < markets && !status; k++) {
        int64_t *kept = out_kept + (int64_t)k * most;
        const int64_t here = first[k + 1] - first[k];
        const int n = here < MOST_CANDIDATES ? (int)here : MOST_CANDIDATES;
        uint8_t taken[MOST_CANDIDATES] = {0};
        int32_t chosen = 0;
        for (int32_t i = 0; i < most; i++) kept[i] = -1;
        for (int i = 0; i < n; i++)
            count[i] = spend(set, first[k] + i, item, money, place, spent + (int64_t)i * items);
        for (int pass = 0; pass < 3; pass++) {
            const int32_t *kind = pass == 0 ? family : corridor;
            for (int i = 0; i < n && chosen < most; i++) {
                int fits = !taken[i];
                for (int j = 0; j < n && fits; j++) {
                    if (!taken[j]) continue;
                    if (pass < 2 && kind[first[k] + j] == kind[first[k] + i]) fits = 0;
                    else fits = dissimilarity(spent + (int64_t)i * items, count[i], spent + (int64_t)j * items, count[j])
                                >= (pass == 2 ? within : least);
                }
                if (fits) {
                    taken[i] = 1;
                    kept[chosen++] = first[k] + i;
                }
            }
        }
    }
    free(place);
    free(spent);
    return status;
}

/* The path size of each candidate, all those of a market being its routes:
 * sum over its arcs of (money / total) / (number of routes of the market over the arc). */
KERUEN_API int keruen_route_sizes(int32_t markets, const int64_t *first, const Candidates *set, int32_t arcs,
                                  const double *money, double *out_size)
{
    int32_t *routes = new_array(arcs, sizeof *routes);
    if (!routes) return KERUEN_NO_MEMORY;
    memset(routes, 0, (size_t)arcs * sizeof *routes);
    for (int32_t k = 0; k < markets; k++) {
        for (int64_t c = first[k]; c < first[k + 1]; c++) FOR_ARCS_OF(set, c) routes[arc]++;
        for (int64_t c = first[k]; c < first[k + 1]; c++) {
            double size = 0, total = 0;
            FOR_ARCS_OF(set, c) {
                size += money[arc] / routes[arc];
                total += money[arc];
            }
            out_size[c] = total > 0 ? size / total : 1;
        }
        for (int64_t c = first[k]; c < first[k + 1]; c++) FOR_ARCS_OF(set, c) routes[arc] = 0;
    }
    free(routes);
    return KERUEN_OK;
}

/* The arcs of some candidates one after the other, out_arc[...]; there must be room for all. */
KERUEN_API int keruen_route_arcs(int64_t count, const int64_t *candidate, const Candidates *set, int32_t *out_arc)
{
    int64_t at = 0;
    for (int64_t i = 0; i < count; i++) FOR_ARCS_OF(set, candidate[i]) out_arc[at++] = (int32_t)arc;
    return KERUEN_OK;
}

/* out_sum[r] = sum of value[arc] over the arcs of route r. */
KERUEN_API int keruen_route_totals(int64_t routes, const int32_t *const *at, const int32_t *size, const double *value,
                                   double *out_sum)
{
    for (int64_t r = 0; r < routes; r++) {
        double sum = 0;
        for (int32_t i = 0; i < size[r]; i++) sum += value[at[r][i]];
        out_sum[r] = sum;
    }
    return KERUEN_OK;
}

/* out_any[r]: whether route r has an arc with is_one[arc]. */
KERUEN_API int keruen_route_any(int64_t routes, const int32_t *const *at, const int32_t *size, const uint8_t *is_one,
                                uint8_t *out_any)
{
    for (int64_t r = 0; r < routes; r++) {
        int32_t i = 0;
        while (i < size[r] && !is_one[at[r][i]]) i++;
        out_any[r] = i < size[r];
    }
    return KERUEN_OK;
}

/* inout_load[arc] += flow[r] for each arc of each route. */
KERUEN_API int keruen_route_loads(int64_t routes, const int32_t *const *at, const int32_t *size, const double *flow,
                                  double *inout_load)
{
    for (int64_t r = 0; r < routes; r++)
        if (flow[r] != 0)
            for (int32_t i = 0; i < size[r]; i++) inout_load[at[r][i]] += flow[r];
    return KERUEN_OK;
}

/* The arcs of routes one after the other; there must be room for all. */
KERUEN_API int keruen_route_copy(int64_t routes, const int32_t *const *at, const int32_t *size, int32_t *out_arc)
{
    for (int64_t r = 0; r < routes; r++) {
        memcpy(out_arc, at[r], (size_t)size[r] * sizeof *out_arc);
        out_arc += size[r];
    }
    return KERUEN_OK;
}

/* The facilities that each route passes, each once and in rising order: of_arc[arc] is the facility of an arc, -1 for none.
 * out_first[routes + 1]; out_facility has room for `room` of them: what is beyond is counted only. */
KERUEN_API int keruen_route_passes(int64_t routes, const int32_t *const *at, const int32_t *size, const int32_t *of_arc,
                                   int32_t facilities, int64_t room, int64_t *out_first, int32_t *out_facility)
{
    int64_t *seen = new_array(facilities, sizeof *seen), count = 0;
    if (!seen) return KERUEN_NO_MEMORY;
    memset(seen, 0xff, (size_t)facilities * sizeof *seen);
    for (int64_t r = 0; r < routes; r++) {
        out_first[r] = count;
        for (int32_t i = 0; i < size[r]; i++) {
            const int32_t f = of_arc[at[r][i]];
            if (f < 0 || seen[f] == r) continue;
            seen[f] = r;
            if (count < room) {
                int64_t to = count;
                for (; to > out_first[r] && out_facility[to - 1] > f; to--) out_facility[to] = out_facility[to - 1];
                out_facility[to] = f;
            }
            count++;
        }
    }
    out_first[routes] = count;
    free(seen);
    return KERUEN_OK;
}

/* What each thing carries, and what its loss does to markets that choose by path-size Weibit among the routes they have:
 * of_arc[arc] is the thing of an arc, -1 for none; share[r] of a market's tonnes[k]; expected[k] its cost, beta[k].
 *
 *     P = sum of the shares of the routes over a thing,   S^-e = S (1 - P)^(-1 / beta)
 *
 * out_load[e] += D P;  out_extra[e] += D (S^-e - S) where P < 1;  out_lost[e] += D where no route is left. */
KERUEN_API int keruen_route_screen(int64_t markets, const int64_t *first, const int32_t *const *at, const int32_t *size,
                                   const int32_t *of_arc, int32_t things, const double *share, const double *tonnes,
                                   const double *expected, const double *beta, double *out_load, double *out_extra,
                                   double *out_lost)
{
    const double all = 1 - 1e-9;
    double *part = calloc((size_t)(things > 0 ? things : 1), sizeof *part);
    int64_t *seen = new_array(things, sizeof *seen);
    int32_t *met = new_array(things, sizeof *met);
    const int status = part && seen && met ? KERUEN_OK : KERUEN_NO_MEMORY;
    if (!status) memset(seen, 0xff, (size_t)things * sizeof *seen);
    for (int64_t k = 0; k < markets && !status; k++) {
        int32_t count = 0;
        if (!(tonnes[k] > 0)) continue;
        for (int64_t r = first[k]; r < first[k + 1]; r++) {
            if (!(share[r] > 0)) continue;
            for (int32_t i = 0; i < size[r]; i++) {
                const int32_t e = of_arc[at[r][i]];
                if (e < 0 || seen[e] == r) continue;
                seen[e] = r;
                if (part[e] == 0) met[count++] = e;
                part[e] += share[r];
            }
        }
        for (int32_t i = 0; i < count; i++) {
            const int32_t e = met[i];
            out_load[e] += tonnes[k] * part[e];
            if (part[e] >= all) out_lost[e] += tonnes[k];
            else out_extra[e] += tonnes[k] * expected[k] * (exp(-log1p(-part[e]) / beta[k]) - 1);
            part[e] = 0;
        }
    }
    free(part);
    free(seen);
    free(met);
    return status;
}
