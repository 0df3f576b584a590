/* User equilibrium by gradient projection on path flows; equilibrium.py explains the method and names its literature.
 *
 * A pair (origin, destination) holds the paths it has used so far, each with its flow. A sweep looks for a shorter path
 * for every pair and shifts flow from its longer paths to the shortest one; a settling does the second alone. Every
 * shift changes link flows and link costs at once, so that the next pair sees them (Gauss-Seidel). A joint step moves
 * the paths of all pairs together.
 */
#include "../routing/kernels.h"

typedef struct Path {
    struct Path *next;
    double flow;
    int32_t count;
    int32_t arc[]; /* from the destination back to the origin */
} Path;

enum { CONSTANT, LINEAR, QUARTIC, WHOLE, ANY };

typedef struct {
    int32_t n, m, n_origins;
    const int32_t *first_out, *head, *tail; /* links sorted by tail, as in Graph */
    const uint8_t *through;     /* [n] 0: a way may begin or end here, not go on */
    int64_t n_pairs;
    const int32_t *origin;      /* [n_origins] node */
    const int64_t *first_pair;  /* [n_origins + 1] */
    const int32_t *destination; /* [n_pairs] node */
    const double *demand;       /* [n_pairs] > 0 */
    const double *fixed;        /* [m] cost at no flow */
    const double *rise;         /* [m] cost added at flow = capacity */
    const double *capacity;     /* [m] > 0 where rise > 0 */
    const double *power;        /* [m] >= 0 */
    double *flow, *cost, *slope; /* [m] state: flow on a link, its cost, its derivative */
    uint8_t *kind;
    Path **path; /* [n_pairs] paths, newest first */
    double *distance;
    int32_t *parent;
    int32_t *mark; /* [m] who looked at a link last */
    int32_t stamp;
    int32_t *on_path, *on_best; /* [n] links that only one of two paths has */
    double *was_path, *was_best; /* [n] their flows before a shift */
    double *path_cost;          /* room_costs */
    int32_t room_costs;
    Heap heap;
} Equilibrium;

static double whole_power(double x, int32_t p)
{
    double found = 1;
    for (; p > 0; p >>= 1, x *= x)
        if (p & 1) found *= x;
    return found;
}

/* Cost and slope of a link at its flow: fixed + rise x^power with x = flow / capacity. */
static inline void price(Equilibrium *e, int32_t a)
{
    const double capacity = e->capacity[a], rise = e->rise[a];
    double x = e->flow[a];
    if (e->kind[a] == CONSTANT) return;
    x = x > 0 ? x / capacity : 0;
    double before; /* x^(power - 1) */
    switch (e->kind[a]) {
    case LINEAR: before = 1; break;
    case QUARTIC: before = x * x * x; break;
    case WHOLE: before = whole_power(x, (int32_t)e->power[a] - 1); break;
    default: /* for power < 1 the slope at no flow is infinite */
        before = x > 0 ? pow(x, e->power[a] - 1) : e->power[a] < 1 ? INFINITY : 0;
    }
    e->cost[a] = e->fixed[a] + (x > 0 ? rise * before * x : 0);
    e->slope[a] = rise * e->power[a] / capacity * before;
}

KERUEN_API void keruen_equilibrium_free(Equilibrium *e)
{
    if (!e) return;
    for (int64_t k = 0; e->path && k < e->n_pairs; k++)
        for (Path *p = e->path[k], *next; p; p = next) {
            next = p->next;
            free(p);
        }
    free(e->kind);
    free(e->path);
    free(e->distance);
    free(e->parent);
    free(e->mark);
    free(e->on_path);
    free(e->on_best);
    free(e->was_path);
    free(e->was_best);
    free(e->path_cost);
    if (e->heap.item) heap_free(&e->heap);
    free(e);
}

/* The arrays are kept by the caller until keruen_equilibrium_free. Returns NULL if there is not enough memory. */
KERUEN_API Equilibrium *keruen_equilibrium_new(int32_t n, int32_t m, const int32_t *first_out, const int32_t *head,
    const int32_t *tail, const uint8_t *through, int32_t n_origins, const int32_t *origin, const int64_t *first_pair,
    const int32_t *destination, const double *demand, const double *fixed, const double *rise, const double *capacity,
    const double *power, double *flow, double *cost, double *slope)
{
    Equilibrium *e = calloc(1, sizeof *e);
    if (!e) return NULL;
    e->n = n, e->m = m, e->n_origins = n_origins;
    e->first_out = first_out, e->head = head, e->tail = tail, e->through = through;
    e->n_pairs = first_pair[n_origins];
    e->origin = origin, e->first_pair = first_pair, e->destination = destination, e->demand = demand;
    e->fixed = fixed, e->rise = rise, e->capacity = capacity, e->power = power;
    e->flow = flow, e->cost = cost, e->slope = slope;
    e->room_costs = 64;
    e->kind = new_array(m, 1);
    e->path = calloc((size_t)(e->n_pairs > 0 ? e->n_pairs : 1), sizeof *e->path);
    e->distance = new_array(n, sizeof *e->distance);
    e->parent = new_array(n, sizeof *e->parent);
    e->mark = new_array(m, sizeof *e->mark);
    e->on_path = new_array(n, sizeof *e->on_path);
    e->on_best = new_array(n, sizeof *e->on_best);
    e->was_path = new_array(n, sizeof *e->was_path);
    e->was_best = new_array(n, sizeof *e->was_best);
    e->path_cost = new_array(e->room_costs, sizeof *e->path_cost);
    if (!e->kind || !e->path || !e->distance || !e->parent || !e->mark || !e->on_path || !e->on_best || !e->was_path ||
        !e->was_best || !e->path_cost ||
        heap_new(&e->heap, n) != KERUEN_OK) {
        e->heap.item = NULL;
        keruen_equilibrium_free(e);
        return NULL;
    }
    memset(e->mark, 0, (size_t)m * sizeof *e->mark);
    for (int32_t a = 0; a < m; a++) {
        const double p = power[a];
        const int constant = rise[a] == 0 || p == 0;
        e->kind[a] = constant ? CONSTANT : p == 1 ? LINEAR : p == 4 ? QUARTIC : p == floor(p) && p < 64 ? WHOLE : ANY;
        flow[a] = slope[a] = 0;
        cost[a] = fixed[a] + (constant && p == 0 ? rise[a] : 0);
        price(e, a);
    }
    return e;
}

/* Shortest ways from an origin: distance, and the link that each node is reached by. Ends when the destinations of the
 * origin are settled. */
static void grow(Equilibrium *e, int32_t at)
{
    const int32_t from = e->origin[at];
    int64_t wanted = e->first_pair[at + 1] - e->first_pair[at];
    int32_t *is_wanted = e->on_best; /* free here */
    for (int32_t v = 0; v < e->n; v++) {
        e->distance[v] = INFINITY;
        is_wanted[v] = 0;
    }
    for (int64_t k = e->first_pair[at]; k < e->first_pair[at + 1]; k++) is_wanted[e->destination[k]] = 1;
    heap_clear(&e->heap);
    e->distance[from] = 0;
    e->parent[from] = -1;
    heap_put(&e->heap, from, 0);
    while (e->heap.size > 0) {
        const HeapItem top = heap_pop(&e->heap);
        const int32_t u = top.id;
        if (is_wanted[u] && --wanted == 0) break;
        if (!e->through[u] && u != from) continue;
        for (int32_t a = e->first_out[u]; a < e->first_out[u + 1]; a++) {
            const int32_t v = e->head[a];
            const double d = top.key + e->cost[a];
            if (d < e->distance[v]) {
                e->distance[v] = d;
                e->parent[v] = a;
                heap_put(&e->heap, v, d);
            }
        }
    }
}

static double cost_of(const Equilibrium *e, const Path *p)
{
    double sum = 0;
    for (int32_t i = 0; i < p->count; i++) sum += e->cost[p->arc[i]];
    return sum;
}

/* Puts the way of the tree to the destination of pair k before its other paths, without flow. */
static int add_path(Equilibrium *e, int64_t k)
{
    int32_t count = 0;
    for (int32_t a = e->parent[e->destination[k]]; a >= 0; a = e->parent[e->tail[a]]) count++;
    Path *p = malloc(sizeof *p + (size_t)count * sizeof *p->arc);
    if (!p) return KERUEN_NO_MEMORY;
    p->flow = 0;
    p->count = 0;
    for (int32_t a = e->parent[e->destination[k]]; a >= 0; a = e->parent[e->tail[a]]) p->arc[p->count++] = a;
    p->next = e->path[k];
    e->path[k] = p;
    return KERUEN_OK;
}

static double difference(const Equilibrium *e, int32_t n_path, int32_t n_best)
{
    double longer = 0, shorter = 0;
    for (int32_t i = 0; i < n_path; i++) longer += e->cost[e->on_path[i]];
    for (int32_t i = 0; i < n_best; i++) shorter += e->cost[e->on_best[i]];
    return longer - shorter;
}

static double steepness(const Equilibrium *e, int32_t n_path, int32_t n_best)
{
    double sum = 0;
    for (int32_t i = 0; i < n_path; i++) sum += e->slope[e->on_path[i]];
    for (int32_t i = 0; i < n_best; i++) sum += e->slope[e->on_best[i]];
    return sum;
}

/* Sets the links to what they carried before plus or minus an amount: no rest is left of amounts tried and taken back. */
static void move_flow(Equilibrium *e, int32_t n_path, int32_t n_best, double amount)
{
    for (int32_t i = 0; i < n_path; i++) {
        e->flow[e->on_path[i]] = e->was_path[i] - amount;
        price(e, e->on_path[i]);
    }
    for (int32_t i = 0; i < n_best; i++) {
        e->flow[e->on_best[i]] = e->was_best[i] + amount;
        price(e, e->on_best[i]);
    }
}

/* Shifts flow from a path to the best one until their costs differ by a quarter of what they did, or none is left. The
 * best path's links carry the mark e->stamp. The first step is Newton's; the difference falls as the flow moves, so that
 * a step too far is taken back by the rule of false position within a bracket. This also serves slopes of 0 and inf. */
static void shift(Equilibrium *e, Path *p, Path *best)
{
    const int32_t shared = -e->stamp;
    int32_t n_path = 0, n_best = 0;
    double longer = 0;
    for (int32_t i = 0; i < p->count; i++) {
        const int32_t a = p->arc[i];
        if (e->mark[a] == e->stamp)
            e->mark[a] = shared;
        else
            e->on_path[n_path++] = a, longer += e->cost[a];
    }
    for (int32_t i = 0; i < best->count; i++) {
        const int32_t a = best->arc[i];
        if (e->mark[a] == shared)
            e->mark[a] = e->stamp;
        else
            e->on_best[n_best++] = a;
    }
    const double excess = difference(e, n_path, n_best), close = excess / 4;
    if (!(excess > 4e-16 * longer)) return; /* no more than rounding */
    for (int32_t i = 0; i < n_path; i++) e->was_path[i] = e->flow[e->on_path[i]];
    for (int32_t i = 0; i < n_best; i++) e->was_best[i] = e->flow[e->on_best[i]];
    double low = 0, high = p->flow, at_low = excess, at_high = 1; /* at_high > 0: not looked at yet */
    double step = excess / steepness(e, n_path, n_best); /* 0 and inf are seen to below */
    if (!(step > 0 && step < high)) step = high;
    int close_enough = 0;
    for (int tries = 0; tries < 200 && !close_enough; tries++) {
        move_flow(e, n_path, n_best, step);
        const double left = difference(e, n_path, n_best);
        if (fabs(left) <= close || (left > 0 && step >= p->flow)) {
            low = step;
            close_enough = 1;
        } else if (left > 0) {
            low = step, at_low = left;
            step += left / steepness(e, n_path, n_best);
            if (!(step < high)) step = at_high > 0 ? high : low + (high - low) / 2;
        } else {
            high = step, at_high = left;
            step = low + (high - low) * (tries < 8 ? at_low / (at_low - at_high) : tries < 60 ? 0.5 : 1e-6);
        }
        if (!(step > low && step < high) && !(step == p->flow && at_high > 0)) break;
    }
    if (!close_enough) move_flow(e, n_path, n_best, low); /* as far as is known not to be too far */
    p->flow = low >= p->flow ? 0 : p->flow - low;
    best->flow += low;
}

/* Brings the paths of pair k nearer to one cost. Returns the excess cost of its flow over its best path before that. */
static int settle(Equilibrium *e, int64_t k, double *excess)
{
    int32_t count = 0, at = 0;
    for (Path *p = e->path[k]; p; p = p->next) {
        if (count == e->room_costs) {
            double *more = realloc(e->path_cost, 2 * (size_t)count * sizeof *more);
            if (!more) return KERUEN_NO_MEMORY;
            e->path_cost = more;
            e->room_costs = 2 * count;
        }
        e->path_cost[count++] = cost_of(e, p);
    }
    if (count < 2) return KERUEN_OK;
    Path *best = e->path[k], *p;
    double least = e->path_cost[0];
    for (p = e->path[k]; p; p = p->next, at++)
        if (e->path_cost[at] < least) {
            least = e->path_cost[at];
            best = p;
        }
    double sum = 0;
    for (p = e->path[k], at = 0; p; p = p->next, at++) sum += p->flow * (e->path_cost[at] - least);
    *excess += sum;
    if (e->stamp == INT32_MAX) {
        memset(e->mark, 0, (size_t)e->m * sizeof *e->mark);
        e->stamp = 0;
    }
    e->stamp++;
    for (int32_t i = 0; i < best->count; i++) e->mark[best->arc[i]] = e->stamp;
    for (Path **link = &e->path[k]; (p = *link);) {
        if (p != best && p->flow > 0) shift(e, p, best);
        if (p != best && !(p->flow > 0)) {
            *link = p->next;
            free(p);
        } else
            link = &p->next;
    }
    return KERUEN_OK;
}

/* For the pairs of the origins from .. to - 1: a shorter path if there is one, then a shift towards one cost. Adds to
 * out_excess the excess cost found. A pair that no way joins is passed over. */
KERUEN_API int keruen_equilibrium_sweep(Equilibrium *e, int32_t from, int32_t to, double *out_excess)
{
    for (int32_t at = from; at < to; at++) {
        grow(e, at);
        for (int64_t k = e->first_pair[at]; k < e->first_pair[at + 1]; k++) {
            const double shortest = e->distance[e->destination[k]];
            if (!(shortest < INFINITY)) continue;
            if (!e->path[k]) {
                if (add_path(e, k) != KERUEN_OK) return KERUEN_NO_MEMORY;
                Path *p = e->path[k];
                p->flow = e->demand[k];
                for (int32_t i = 0; i < p->count; i++) {
                    e->flow[p->arc[i]] += p->flow;
                    price(e, p->arc[i]);
                }
                continue;
            }
            double least = INFINITY, now = 0;
            for (const Path *p = e->path[k]; p; p = p->next) least = fmin(least, cost_of(e, p));
            const double enough = least * (1 - 1e-14);
            if (shortest < enough) { /* when the tree was grown; what does it cost now? */
                for (int32_t a = e->parent[e->destination[k]]; a >= 0; a = e->parent[e->tail[a]]) now += e->cost[a];
                if (now < enough && add_path(e, k) != KERUEN_OK) return KERUEN_NO_MEMORY;
            }
            if (e->path[k]->next && settle(e, k, out_excess) != KERUEN_OK) return KERUEN_NO_MEMORY;
        }
    }
    return KERUEN_OK;
}

/* The pairs that no way was found for: out_lost[n_pairs] is 1 for them. */
KERUEN_API void keruen_equilibrium_lost(const Equilibrium *e, uint8_t *out_lost)
{
    for (int64_t k = 0; k < e->n_pairs; k++) out_lost[k] = !e->path[k];
}

/* Shifts flow between the paths there are, once for every pair. Adds to out_excess the excess cost found. */
KERUEN_API int keruen_equilibrium_settle(Equilibrium *e, double *out_excess)
{
    for (int64_t k = 0; k < e->n_pairs; k++)
        if (e->path[k] && e->path[k]->next && settle(e, k, out_excess) != KERUEN_OK) return KERUEN_NO_MEMORY;
    return KERUEN_OK;
}

/* What a joint step works on: for each path beside the main one of its pair, its flow's place in the vectors. */
typedef struct {
    int64_t count, room;
    Path **path, **main;
    double *step, *rest, *ahead, *turn, *scale; /* [count] of conjugate gradients */
    double *load;                               /* [m] */
} Joint;

static void joint_free(Joint *j)
{
    free(j->path);
    free(j->main);
    free(j->step);
    free(j->load);
}

/* load = flow on the links if the paths had these flows more, and the main paths as much less. */
static void spread(const Equilibrium *e, Joint *j, const double *more)
{
    memset(j->load, 0, (size_t)e->m * sizeof *j->load);
    for (int64_t i = 0; i < j->count; i++) {
        const Path *p = j->path[i], *b = j->main[i];
        for (int32_t k = 0; k < p->count; k++) j->load[p->arc[k]] += more[i];
        for (int32_t k = 0; k < b->count; k++) j->load[b->arc[k]] -= more[i];
    }
}

static double along(const Path *p, const Path *b, const double *value)
{
    double sum = 0;
    for (int32_t k = 0; k < p->count; k++) sum += value[p->arc[k]];
    for (int32_t k = 0; k < b->count; k++) sum -= value[b->arc[k]];
    return sum;
}

#define FLAT 1e-12 /* slope given to directions in which no cost changes, relatively: they are then gone to their end */

/* Newton's direction j->step by conjugate gradients, at most `turns`; a path with scale 0 stays as it is. */
static void solve(const Equilibrium *e, Joint *j, int32_t turns)
{
    double size = 0;
    for (int64_t i = 0; i < j->count; i++) {
        j->step[i] = 0;
        j->rest[i] = j->scale[i] > 0 ? -along(j->path[i], j->main[i], e->cost) : 0;
        j->ahead[i] = j->scale[i] * j->rest[i];
        size += j->rest[i] * j->ahead[i];
    }
    const double enough = 1e-24 * size;
    for (int32_t turn = 0; turn < turns && size > enough; turn++) {
        spread(e, j, j->ahead);
        for (int32_t a = 0; a < e->m; a++) j->load[a] *= e->slope[a] < INFINITY ? e->slope[a] : 0;
        double curve = 0, next = 0;
        for (int64_t i = 0; i < j->count; i++) {
            j->turn[i] = 0;
            if (!(j->scale[i] > 0)) continue;
            j->turn[i] = along(j->path[i], j->main[i], j->load) + FLAT * j->ahead[i] / j->scale[i];
            curve += j->ahead[i] * j->turn[i];
        }
        const double length = size / curve;
        if (!(curve > 0 && length < INFINITY)) break;
        for (int64_t i = 0; i < j->count; i++) {
            j->step[i] += length * j->ahead[i];
            j->rest[i] -= length * j->turn[i];
            next += j->rest[i] * j->scale[i] * j->rest[i];
        }
        for (int64_t i = 0; i < j->count; i++) j->ahead[i] = j->scale[i] * j->rest[i] + next / size * j->ahead[i];
        size = next;
    }
}

/* How far the step goes before a flow is zero, at most 1. Paths that end it soon are counted in *out_held and left out of
 * the next direction: those of the first end, and those whose end is not much farther. */
static double reach(Joint *j, int64_t *out_held)
{
    double *const given = j->turn, *const end = j->ahead;
    double far = 1;
    for (int64_t i = 0; i < j->count; i++) {
        if (!(fabs(j->step[i]) < INFINITY)) return 0;
        const double own = j->step[i] < 0 ? j->path[i]->flow / -j->step[i] : INFINITY;
        given[i] = j->step[i] + (i > 0 && j->main[i - 1] == j->main[i] ? given[i - 1] : 0); /* by the main path */
        end[i] = fmin(own, given[i] > 0 ? j->main[i]->flow / given[i] : INFINITY);
        far = fmin(far, end[i]);
    }
    for (int64_t i = 0; i < j->count; i++)
        if (end[i] < 0.1 && end[i] <= 30 * far && j->scale[i] > 0) {
            j->scale[i] = 0;
            ++*out_held;
        }
    return far;
}

/* Derivative of the objective along `load` when the flows have gone a share of the way; prices are those of there. */
static double downhill(Equilibrium *e, const Joint *j, const double *from, double share)
{
    double sum = 0;
    for (int32_t a = 0; a < e->m; a++)
        if (j->load[a] != 0) {
            e->flow[a] = from[a] + share * j->load[a];
            price(e, a);
            sum += j->load[a] * e->cost[a];
        }
    return sum;
}

/* One step for all paths in use at once: Newton's direction by conjugate gradients on H s = -g, with g the excess of each
 * path over the main one of its pair and H the slopes of the links they do not share, then the least objective on the
 * line, as far as no flow falls below zero. It goes along narrow valleys that shifts pair by pair only cross. */
KERUEN_API int keruen_equilibrium_joint(Equilibrium *e, int32_t turns)
{
    Joint j = {0};
    for (int64_t k = 0; k < e->n_pairs; k++)
        for (const Path *p = e->path[k]; p && p->next; p = p->next) j.room++;
    if (j.room == 0) return KERUEN_OK;
    j.path = new_array(j.room, sizeof *j.path);
    j.main = new_array(j.room, sizeof *j.main);
    j.step = new_array(5 * j.room, sizeof *j.step);
    j.load = new_array(2 * (int64_t)e->m, sizeof *j.load);
    if (!j.path || !j.main || !j.step || !j.load) {
        joint_free(&j);
        return KERUEN_NO_MEMORY;
    }
    j.rest = j.step + j.room, j.ahead = j.rest + j.room, j.turn = j.ahead + j.room, j.scale = j.turn + j.room;
    double *from = j.load + e->m;
    for (int64_t k = 0; k < e->n_pairs; k++) {
        Path *most = e->path[k];
        for (Path *p = most; p; p = p->next)
            if (p->flow > most->flow) most = p;
        for (Path *p = e->path[k]; p; p = p->next)
            if (p != most && p->flow > 0) j.path[j.count] = p, j.main[j.count++] = most;
    }
    for (int64_t i = 0; i < j.count; i++) {
        double steep = 0; /* shared links count too: only a scale */
        for (int32_t k = 0; k < j.path[i]->count; k++) steep += e->slope[j.path[i]->arc[k]];
        for (int32_t k = 0; k < j.main[i]->count; k++) steep += e->slope[j.main[i]->arc[k]];
        j.scale[i] = steep > 0 && steep < INFINITY ? 1 / steep : 0;
    }
    int64_t held = 1;
    for (int tries = 0; tries < 10 && held > 0; tries++) {
        held = 0;
        solve(e, &j, turns);
        const double far = reach(&j, &held);
        memcpy(from, e->flow, (size_t)e->m * sizeof *from);
        spread(e, &j, j.step);
        if (!(far > 0) || !(downhill(e, &j, from, 0) < 0)) continue;
        double low = 0, high = far;
        if (downhill(e, &j, from, far) <= 0) low = far;
        for (int halves = 0; halves < 40 && low < far; halves++) {
            const double middle = (low + high) / 2;
            if (downhill(e, &j, from, middle) <= 0)
                low = middle;
            else
                high = middle;
        }
        downhill(e, &j, from, low);
        for (int64_t i = 0; i < j.count; i++) {
            j.path[i]->flow = fmax(0, j.path[i]->flow + low * j.step[i]);
            j.main[i]->flow = fmax(0, j.main[i]->flow - low * j.step[i]);
        }
    }
    joint_free(&j);
    return KERUEN_OK;
}

/* Adds up the link flows anew from the path flows, with compensation for rounding (Neumaier 1974), after the flows of
 * each pair were made to add up to its demand. */
KERUEN_API void keruen_equilibrium_reload(Equilibrium *e)
{
    double *lost = e->slope; /* free until the links are priced again */
    for (int32_t a = 0; a < e->m; a++) e->flow[a] = lost[a] = 0;
    for (int64_t k = 0; k < e->n_pairs; k++) {
        Path *most = e->path[k];
        if (!most) continue;
        double others = 0;
        for (Path *p = most->next; p; p = p->next)
            if (p->flow > most->flow) most = p;
        for (Path *p = e->path[k]; p; p = p->next)
            if (p != most) others += p->flow;
        most->flow = e->demand[k] - others;
        for (Path *p = e->path[k]; p; p = p->next)
            for (int32_t i = 0; i < p->count; i++) {
                const int32_t a = p->arc[i];
                const double sum = e->flow[a] + p->flow;
                lost[a] += e->flow[a] >= p->flow ? (e->flow[a] - sum) + p->flow : (p->flow - sum) + e->flow[a];
                e->flow[a] = sum;
            }
    }
    for (int32_t a = 0; a < e->m; a++) {
        e->flow[a] += lost[a];
        lost[a] = 0;
        price(e, a);
    }
}

/* Cost of the shortest way of each pair of the origins from .. to - 1 at the present costs: out_shortest[n_pairs]. */
KERUEN_API void keruen_equilibrium_measure(Equilibrium *e, int32_t from, int32_t to, double *out_shortest)
{
    for (int32_t at = from; at < to; at++) {
        grow(e, at);
        for (int64_t k = e->first_pair[at]; k < e->first_pair[at + 1]; k++) out_shortest[k] = e->distance[e->destination[k]];
    }
}

/* The paths with flow, by pair: how many, and how many links they have together. Fills the arrays unless they are NULL:
 * out_pair[paths], out_flow[paths], out_first[paths + 1], out_arc[links] in the order of travel. */
KERUEN_API void keruen_equilibrium_paths(const Equilibrium *e, int64_t *out_paths, int64_t *out_links, int64_t *out_pair,
    double *out_flow, int64_t *out_first, int32_t *out_arc)
{
    int64_t paths = 0, links = 0;
    for (int64_t k = 0; k < e->n_pairs; k++)
        for (const Path *p = e->path[k]; p; p = p->next) {
            if (!(p->flow > 0)) continue;
            if (out_pair) {
                out_pair[paths] = k;
                out_flow[paths] = p->flow;
                out_first[paths] = links;
                for (int32_t i = 0; i < p->count; i++) out_arc[links + i] = p->arc[p->count - 1 - i];
            }
            paths++;
            links += p->count;
        }
    if (out_pair) out_first[paths] = links;
    *out_paths = paths;
    *out_links = links;
}
